-- Set or check a partition's marker.
-- KEYS: marker.  ARGV: 1 if the group has committed offsets.
-- Returns 'ok' or 'lost'.
if redis.call('EXISTS', KEYS[1]) == 0 then
  if ARGV[1] == '1' then return 'lost' end
  redis.call('HSET', KEYS[1], 'claimed', '1')
end
return 'ok'
