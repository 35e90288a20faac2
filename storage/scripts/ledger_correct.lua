-- CORRECT: put a reserved entry to what is written down, larger or smaller. KEYS: the entry.
-- ARGV: what the keys of months begin with, seconds to keep; then the entry: id, month, owner, channel, others (separated
-- by spaces), committed ('' unknown), counts, at, doc, edition. What counts is in millionths of a dollar.
-- Returns the edition that it is reserved for when that is later, and nothing was changed; else 0.
local MONTHS, KEEP, OTHERS, COMMITTED = ARGV[1], ARGV[2], ARGV[7], ARGV[8]
local now, edition = tonumber(ARGV[9]), tonumber(ARGV[12])
local kept = redis.call('HMGET', KEYS[1], 'state', 'month', 'counts', 'owner', 'channel', 'others', 'edition',
  'committed')
if kept[1] ~= 'reserved' then
  return 0
end
local before, last = tonumber(kept[3]), tonumber(kept[7] or 0)
if last > edition then
  return last
end
if kept[6] == OTHERS and kept[8] == COMMITTED and last == edition then
  return 0
end

-- A scope counts it once, though it be named twice.
local function scopes(others)
  local found = {all = true, [kept[4]] = true, [kept[5]] = true}
  for scope in string.gmatch(others or '', '%S+') do
    found[scope] = true
  end
  return found
end

local sums, old, new = MONTHS .. kept[2] .. ':sums', scopes(kept[6]), scopes(OTHERS)
for scope in pairs(old) do
  redis.call('HINCRBY', sums, scope, string.format('%.0f', (new[scope] and now or 0) - before))
end
for scope in pairs(new) do
  if not old[scope] then
    redis.call('HINCRBY', sums, scope, string.format('%.0f', now))
  end
end
redis.call('HSET', KEYS[1], 'others', OTHERS, 'committed', COMMITTED, 'counts', string.format('%.0f', now),
  'edition', ARGV[12])
redis.call('EXPIRE', KEYS[1], KEEP)
redis.call('EXPIRE', sums, KEEP)
redis.call('EXPIRE', MONTHS .. kept[2] .. ':entries', KEEP)
return 0
