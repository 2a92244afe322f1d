-- Forget a story's unsent outputs if it is still at the version they belong to; of one that has ended, everything.
-- KEYS: head, parts, outbox pages.  ARGV: version.
-- Returns 1 if it was.
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
if redis.call('HGET', KEYS[1], 'story') == '' then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
else
  redis.call('HDEL', KEYS[1], 'outbox', 'pages')
  redis.call('DEL', KEYS[3])
end
return 1
