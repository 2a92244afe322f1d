-- Forget a story's unsent outputs if it is still at the version they belong to.
-- KEYS: head.  ARGV: version.
-- Returns 1 if it was.
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'outbox')
return 1
