-- Write one batch's change of a space, or nothing.
-- KEYS: meta, index, redirects, lives, holds, held, habits, then one for each assignment.
-- ARGV: epoch, commits the owner knows of, next_placement, outbox ('' for none), assignment lifetime in ms,
--   then the numbers of: assignments, index values set, index values removed, redirects set, redirects removed, lives set, lives removed,
--   released holds, new holds; the space's pace ('' for as it was); habits set, habits removed;
--   then their values in that order: packed | id, value | id | loser, winner | loser | id, life | id | uri | uri, release ms, record | source, value | source.
-- Returns {'ok', commits}, {'lost'}, {'fenced'} or {'back'} (the store has forgotten a commit).
local epoch, commits = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'commits'))
if not epoch then return {'lost'} end
if tonumber(epoch) > tonumber(ARGV[1]) then return {'fenced'} end
if tonumber(epoch) < tonumber(ARGV[1]) or tonumber(commits) < tonumber(ARGV[2]) then return {'back'} end

local at = 18
local function take()
  local value = ARGV[at]
  at = at + 1
  return value
end

for i = 1, tonumber(ARGV[6]) do redis.call('SET', KEYS[7 + i], take(), 'PX', ARGV[5]) end
for _ = 1, tonumber(ARGV[7]) do
  local id = take()
  redis.call('HSET', KEYS[2], id, take())
end
for _ = 1, tonumber(ARGV[8]) do redis.call('HDEL', KEYS[2], take()) end
for _ = 1, tonumber(ARGV[9]) do
  local loser = take()
  redis.call('HSET', KEYS[3], loser, take())
end
for _ = 1, tonumber(ARGV[10]) do redis.call('HDEL', KEYS[3], take()) end
for _ = 1, tonumber(ARGV[11]) do
  local id = take()
  redis.call('HSET', KEYS[4], id, take())
end
for _ = 1, tonumber(ARGV[12]) do redis.call('HDEL', KEYS[4], take()) end
for _ = 1, tonumber(ARGV[13]) do
  local uri = take()
  redis.call('ZREM', KEYS[5], uri)
  redis.call('HDEL', KEYS[6], uri)
end
for _ = 1, tonumber(ARGV[14]) do
  local uri = take()
  redis.call('ZADD', KEYS[5], take(), uri)
  redis.call('HSET', KEYS[6], uri, take())
end
for _ = 1, tonumber(ARGV[16]) do
  local source = take()
  redis.call('HSET', KEYS[7], source, take())
end
for _ = 1, tonumber(ARGV[17]) do redis.call('HDEL', KEYS[7], take()) end
commits = string.format('%.0f', tonumber(commits) + 1)
redis.call('HSET', KEYS[1], 'commits', commits, 'next_placement', ARGV[3])
if ARGV[15] ~= '' then redis.call('HSET', KEYS[1], 'pace', ARGV[15]) end
if ARGV[4] == '' then redis.call('HDEL', KEYS[1], 'outbox') else redis.call('HSET', KEYS[1], 'outbox', ARGV[4]) end
return {'ok', commits}
