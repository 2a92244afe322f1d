-- Write one new version of a story if the stored version is the expected one.
-- KEYS: head, parts, outbox pages.
-- ARGV: expected version, new version, story, head, outbox ('' for none), its pages as digest/number ('' if it has none),
--   which were put there before, number of parts set, then uri, part for each of those, then the uri of each part that
--   goes.
-- Returns the version found before: it is the expected one, or nothing was written (-1: this very change was
--   already there, as after a repeat whose first answer was lost; -2: a page is missing).
local function each_page(pages, what)
  local digest, number = string.match(pages or '', '^(%x+)/(%d+)$')
  for at = 1, tonumber(number or 0) do what(digest .. '/' .. at) end
end
local function drop(page) redis.call('HDEL', KEYS[3], page) end

local stored = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
local pages = redis.call('HGET', KEYS[1], 'pages')
if stored ~= tonumber(ARGV[1]) then
  if pages ~= ARGV[6] then each_page(ARGV[6], drop) end
  if stored == tonumber(ARGV[2]) then
    local story, head = unpack(redis.call('HMGET', KEYS[1], 'story', 'head'))
    if story == ARGV[3] and head == ARGV[4] then return -1 end
  end
  return stored
end
local missing = false
each_page(ARGV[6], function(page) missing = missing or redis.call('HEXISTS', KEYS[3], page) == 0 end)
if missing then return -2 end
local last_set = 7 + 2 * tonumber(ARGV[7])
for at = 8, last_set, 2 do redis.call('HSET', KEYS[2], ARGV[at], ARGV[at + 1]) end
for at = last_set + 1, #ARGV do redis.call('HDEL', KEYS[2], ARGV[at]) end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'story', ARGV[3], 'head', ARGV[4])
if ARGV[5] == '' then redis.call('HDEL', KEYS[1], 'outbox') else redis.call('HSET', KEYS[1], 'outbox', ARGV[5]) end
if ARGV[6] == '' then
  redis.call('HDEL', KEYS[1], 'pages')
  redis.call('DEL', KEYS[3])
else
  redis.call('HSET', KEYS[1], 'pages', ARGV[6])
  if pages ~= ARGV[6] then each_page(pages, drop) end
end
return stored
