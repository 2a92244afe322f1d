-- Raise a space's epoch, so that whoever had it is fenced.
-- KEYS: meta.  ARGV: 1 if the space must exist already; the name of the encoder, which a new space keeps.
-- Returns {'ok', epoch before, epoch, commits, next_placement, outbox, pace}, {'lost'} or {'encoder', its name} if it isn't that one.
-- The epoch follows the server's clock where that is ahead: one lost at a failover is never given out twice.
if redis.call('EXISTS', KEYS[1]) == 0 then
  if ARGV[1] == '1' then return {'lost'} end
  redis.call('HSET', KEYS[1], 'epoch', '0', 'commits', '0', 'next_placement', '1')
  if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'encoder', ARGV[2]) end
end
local encoder = redis.call('HGET', KEYS[1], 'encoder') or ''
if encoder ~= ARGV[2] then return {'encoder', encoder} end
local before, commits, next_placement, outbox, pace =
  unpack(redis.call('HMGET', KEYS[1], 'epoch', 'commits', 'next_placement', 'outbox', 'pace'))
local now = redis.call('TIME')
local epoch = math.max(tonumber(before) + 1, tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000))
epoch = string.format('%.0f', epoch)
redis.call('HSET', KEYS[1], 'epoch', epoch)
return {'ok', before, epoch, commits, next_placement, outbox or '', pace or ''}
