-- Write one new version of a story if the stored version is the expected one.
-- KEYS: head, parts.
-- ARGV: expected version, new version, story, head, outbox ('' for none), number of parts set, then uri, part for
--   each of those, then the uri of each part that goes.
-- Returns the version found before: it is the expected one, or nothing was written (-1: this very change was
--   already there, as after a repeat whose first answer was lost).
local stored = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if stored ~= tonumber(ARGV[1]) then
  if stored == tonumber(ARGV[2]) then
    local story, head = unpack(redis.call('HMGET', KEYS[1], 'story', 'head'))
    if story == ARGV[3] and head == ARGV[4] then return -1 end
  end
  return stored
end
local last_set = 6 + 2 * tonumber(ARGV[6])
for at = 7, last_set, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
for at = last_set + 1, #ARGV do redis.call('HDEL', KEYS[2], ARGV[at]) end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'story', ARGV[3], 'head', ARGV[4])
if ARGV[5] == '' then redis.call('HDEL', KEYS[1], 'outbox') else redis.call('HSET', KEYS[1], 'outbox', ARGV[5]) end
return stored
