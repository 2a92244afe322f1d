-- Put a story back as its topics have it, unless the stored one is as new.
-- KEYS: head, parts, outbox pages.  ARGV: version, story, head, then uri, part for each part.
-- Returns 1 if it did.
if tonumber(redis.call('HGET', KEYS[1], 'version') or '0') >= tonumber(ARGV[1]) then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'story', ARGV[2], 'head', ARGV[3])
for at = 4, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
return 1
