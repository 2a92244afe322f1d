-- Forget the outputs of the last commit, all confirmed.
-- KEYS: meta.  ARGV: epoch, commits the owner knows of.
-- Returns {'ok', commits}, {'lost'}, {'fenced'} or {'back'}.
local epoch, commits = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'commits'))
if not epoch then return {'lost'} end
if tonumber(epoch) > tonumber(ARGV[1]) then return {'fenced'} end
if tonumber(epoch) < tonumber(ARGV[1]) or tonumber(commits) < tonumber(ARGV[2]) then return {'back'} end
redis.call('HDEL', KEYS[1], 'outbox')
return {'ok', commits}
