-- An attempt at a notification has begun or ended.
-- KEYS: epoch, owed, story, log.
-- ARGV: epoch, lifetime in ms, field, entry ('' to remove), told's field, told ('' for as before), longest log, line
--   ('' for none).
-- Returns the stored epoch: it is the given one, or nothing was written.
local epoch = tonumber(redis.call('GET', KEYS[1]) or '0')
if epoch ~= tonumber(ARGV[1]) then return epoch end
if ARGV[4] == '' then redis.call('HDEL', KEYS[2], ARGV[3]) else redis.call('HSET', KEYS[2], ARGV[3], ARGV[4]) end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[3], ARGV[5], ARGV[6])
  redis.call('PEXPIRE', KEYS[3], ARGV[2])
end
if ARGV[8] ~= '' then redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[7], '*', 'line', ARGV[8]) end
return epoch
