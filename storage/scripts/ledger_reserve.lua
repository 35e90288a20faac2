-- RESERVE: write all the entries, or none when a budget has no room for them. KEYS: the entries.
-- ARGV: what the keys of months begin with, seconds to keep, the number of budgets, then for each budget: scope, cap;
-- then for each entry: id, month, owner, channel, committed ('' unknown), counts, at, doc.
-- Caps and counts are millionths of a dollar. Returns what is over: scope, month, used, needs ('' unknown) for each.
local MONTHS, KEEP, BUDGETS = ARGV[1], ARGV[2], tonumber(ARGV[3])
local FIRST, FIELDS = 4 + 2 * BUDGETS, 8

local function whole(number)
  return string.format('%.0f', number)
end

local writes, adds, blind, months = {}, {}, {}, {}
for nth, key in ipairs(KEYS) do
  local a = FIRST + (nth - 1) * FIELDS
  local kept = redis.call('HMGET', key, 'state', 'month', 'counts', 'owner', 'channel')
  local state, month, before = kept[1], kept[2] or ARGV[a + 1], tonumber(kept[3] or 0)
  local more = tonumber(ARGV[a + 5]) - before
  if not state or (state == 'reserved' and more > 0) then
    writes[#writes + 1] = {key = key, a = a, month = month, more = more, is_new = not state,
      scopes = {'all', kept[4] or ARGV[a + 2], kept[5] or ARGV[a + 3]}}
    if not adds[month] then
      adds[month], months[#months + 1] = 0, month
    end
    adds[month] = adds[month] + more
    blind[month] = blind[month] or ARGV[a + 4] == ''
  end
end

local over = {}
for _, month in ipairs(months) do
  for nth = 1, BUDGETS do
    local scope, cap = ARGV[2 + 2 * nth], tonumber(ARGV[3 + 2 * nth])
    local used = tonumber(redis.call('HGET', MONTHS .. month .. ':sums', scope) or 0)
    local is_over = adds[month] > 0 and used + adds[month] > cap
    if is_over or (blind[month] and used >= cap) then
      over[#over + 1] = {scope, month, whole(used), is_over and whole(adds[month]) or ''}
    end
  end
end
if #over > 0 then
  return over
end

for _, each in ipairs(writes) do
  local a, sums = each.a, MONTHS .. each.month .. ':sums'
  if each.is_new then
    redis.call('HSET', each.key, 'v', '1', 'state', 'reserved', 'month', each.month, 'owner', ARGV[a + 2],
      'channel', ARGV[a + 3], 'actual', '', 'at', ARGV[a + 6], 'doc', ARGV[a + 7])
    redis.call('ZADD', MONTHS .. each.month .. ':entries', ARGV[a + 6], ARGV[a])
  end
  redis.call('HSET', each.key, 'committed', ARGV[a + 4], 'counts', ARGV[a + 5])
  for _, scope in ipairs(each.scopes) do
    redis.call('HINCRBY', sums, scope, whole(each.more))
  end
  redis.call('EXPIRE', each.key, KEEP)
  redis.call('EXPIRE', sums, KEEP)
  redis.call('EXPIRE', MONTHS .. each.month .. ':entries', KEEP)
end
return {}
