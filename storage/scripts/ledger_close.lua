-- CLOSE: settle or free an entry, once; it counts for the people whom the closing entry names. KEYS: the entry.
-- ARGV: what the keys of months begin with, seconds to keep, settled or freed, actual ('' unknown), what it counts then
-- ('' what it costs at most); then the entry, should it not be there: id, month, owner, channel, others (separated by
-- spaces), committed ('' unknown), counts, at, doc, edition; then of an answer who asked what (owner, channel, base and
-- model with spaces between; '' it is none), tokens read and written ('' nobody says), 1 when the price was the base's.
-- What counts is in millionths of a dollar.
local MONTHS, KEEP, STATE = ARGV[1], ARGV[2], ARGV[3]
local ID, OWNER, CHANNEL, OTHERS = ARGV[6], ARGV[8], ARGV[9], ARGV[10]
local WHO, READ, WRITTEN, OF_BASE = ARGV[16], ARGV[17], ARGV[18], ARGV[19]
local kept = redis.call('HMGET', KEYS[1], 'state', 'month', 'counts', 'owner', 'channel', 'others', 'committed')
-- Closed before: a settling that is repeated counts nothing twice.
if kept[1] and kept[1] ~= 'reserved' then
  return 0
end
local month, before, now = kept[2] or ARGV[7], tonumber(kept[3] or 0), tonumber(ARGV[5])
local entries, sums = MONTHS .. month .. ':entries', MONTHS .. month .. ':sums'
-- A store that failed over may have forgotten the reservation: what was spent counts all the same.
if not kept[1] then
  redis.call('HSET', KEYS[1], 'v', '1', 'month', month, 'owner', OWNER, 'channel', CHANNEL, 'others', OTHERS,
    'committed', ARGV[11], 'counts', 0, 'at', ARGV[13], 'doc', ARGV[14],
    'edition', ARGV[15])
end
-- What was freed leaves the month's list, but not its key: whoever frees it again finds that it is closed.
if STATE == 'freed' then
  redis.call('ZREM', entries, ID)
elseif not kept[1] then
  redis.call('ZADD', entries, ARGV[13], ID)
end
-- Nobody knows what it cost: it goes on counting as what it costs at most.
if not now then
  now = kept[1] and before or tonumber(ARGV[12])
end
redis.call('HSET', KEYS[1], 'state', STATE, 'actual', ARGV[4], 'counts', string.format('%.0f', now), 'others', OTHERS,
  'tokens_in', READ, 'tokens_out', WRITTEN, 'of_base', OF_BASE)

-- A scope counts it once, though it be named twice.
local function scopes(others)
  local found = {all = true, [kept[4] or OWNER] = true, [kept[5] or CHANNEL] = true}
  for scope in string.gmatch(others, '%S+') do
    found[scope] = true
  end
  return found
end

-- Who reserved more and never got it does not pay for what was had.
local old, new = scopes(kept[6] or ''), scopes(OTHERS)
for scope in pairs(old) do
  redis.call('HINCRBY', sums, scope, string.format('%.0f', (new[scope] and now or 0) - before))
end
for scope in pairs(new) do
  if not old[scope] then
    redis.call('HINCRBY', sums, scope, string.format('%.0f', now))
  end
end
if STATE == 'settled' and WHO ~= '' then
  local answers = MONTHS .. month .. ':answers'
  local function add(what, number)
    redis.call('HINCRBY', answers, what .. ' ' .. WHO, number)
  end
  if READ ~= '' then
    add('answers', 1)
    add('tokens_in', READ)
    add('tokens_out', WRITTEN)
  end
  add('usd', string.format('%.0f', now))
  if OF_BASE ~= '' then
    add('of_base', string.format('%.0f', now))
  end
  if ARGV[4] == '' and (kept[7] or ARGV[11]) == '' then
    add('unpriced', 1)
  end
  -- Entries are not closed in the order in which they began.
  local last = redis.call('HGET', answers, 'last ' .. WHO)
  if not last or tonumber(last) < tonumber(ARGV[13]) then
    redis.call('HSET', answers, 'last ' .. WHO, ARGV[13])
  end
  redis.call('EXPIRE', answers, KEEP)
end
redis.call('EXPIRE', KEYS[1], KEEP)
redis.call('EXPIRE', entries, KEEP)
redis.call('EXPIRE', sums, KEEP)
return 1
