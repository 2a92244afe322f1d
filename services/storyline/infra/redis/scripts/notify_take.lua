-- A story was taken up to a version: what its subscriptions are owed now.
-- KEYS: epoch, owed, story.
-- ARGV: epoch, version, lifetime in ms, then field, entry ('' to remove) for each subscription that changes.
-- Returns the stored epoch: it is the given one, or nothing was written.
local epoch = tonumber(redis.call('GET', KEYS[1]) or '0')
if epoch ~= tonumber(ARGV[1]) then return epoch end
for at = 4, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[2], ARGV[at]) else redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
end
local seen = tonumber(redis.call('HGET', KEYS[3], 'version') or '0')
if tonumber(ARGV[2]) > seen then redis.call('HSET', KEYS[3], 'version', ARGV[2]) end
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return epoch
