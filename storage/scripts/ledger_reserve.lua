-- RESERVE: write all the entries, or none when a budget has no room for them. KEYS: the entries.
-- ARGV: what the keys of months begin with, seconds to keep, seconds after which what was freed is another spending, the
-- number of budgets, then for each budget: scope, cap, the same in dollars; then for each entry: id, month, owner, channel,
-- others (separated by spaces), committed ('' unknown), counts, at, doc, edition.
-- Caps and counts are millionths of a dollar. Returns what is over: scope, month, used, needs ('' unknown), cap for each.
local MONTHS, KEEP, ANOTHER, BUDGETS = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local FIRST, FIELDS = 5 + 3 * BUDGETS, 10

local function whole(number)
  return string.format('%.0f', number)
end

-- What each scope takes of an entry that grows by so much: all of it where the entry did not count before.
local function shares(known, before, more, owner, channel, others)
  local found, order = {}, {}
  local function add(scope, usd)
    if not found[scope] then
      found[scope], order[#order + 1] = usd, scope
    end
  end
  local first = known and more or before + more
  add('all', first)
  add(owner, first)
  add(channel, first)
  for scope in string.gmatch(known or '', '%S+') do
    add(scope, more)
  end
  for scope in string.gmatch(others, '%S+') do
    add(scope, before + more)
  end
  return found, order
end

-- What a budget was raised to in the month that something counts in, which may be another than that in which it grows.
local function raised_to(month, scope, set_to)
  local found, highest = redis.call('ZRANGE', MONTHS .. month .. ':raised', 0, -1, 'WITHSCORES'), 0
  for n = 1, #found, 2 do
    local of, usd = string.match(found[n], '^(%S+) (%S+)$')
    if of == scope and tonumber(usd) == set_to then
      highest = math.max(highest, tonumber(found[n + 1]))
    end
  end
  return highest
end

local writes, adds, blind, months = {}, {}, {}, {}
for nth, key in ipairs(KEYS) do
  local a = FIRST + (nth - 1) * FIELDS
  local kept = redis.call('HMGET', key, 'state', 'month', 'counts', 'owner', 'channel', 'others', 'edition', 'at')
  if kept[1] == 'freed' and tonumber(ARGV[a + 7]) - tonumber(kept[8]) >= ANOTHER then
    kept = {}
  end
  local state, month, before = kept[1], kept[2] or ARGV[a + 1], tonumber(kept[3] or 0)
  -- What is closed takes no more. What is reserved grows here and never shrinks: less is for CORRECT to say.
  if not state or state == 'reserved' then
    local more = math.max(0, tonumber(ARGV[a + 6]) - before)
    local known = state and (kept[6] or '')
    local found, order = shares(known, before, more, kept[4] or ARGV[a + 2], kept[5] or ARGV[a + 3], ARGV[a + 4])
    local extra = {}
    local own = {all = true, [kept[4] or ARGV[a + 2]] = true, [kept[5] or ARGV[a + 3]] = true}
    for _, scope in ipairs(order) do
      if not own[scope] then
        extra[#extra + 1] = scope
      end
    end
    local others = table.concat(extra, ' ')
    local edition, last = tonumber(ARGV[a + 9]), tonumber(kept[7] or 0)
    if not state or more > 0 or others ~= known then
      writes[#writes + 1] = {key = key, a = a, month = month, grows = not state or more > 0, is_new = not state,
        shares = found, order = order, others = others, edition = math.max(edition, last)}
      if not adds[month] then
        adds[month], months[#months + 1] = {}, month
      end
      for scope, usd in pairs(found) do
        adds[month][scope] = (adds[month][scope] or 0) + usd
      end
      blind[month] = blind[month] or ARGV[a + 5] == ''
    elseif edition > last then
      -- It costs no more: its sums stay as they are.
      writes[#writes + 1] = {key = key, a = a, month = month, shares = {}, order = {}, others = others,
        edition = edition}
    end
  end
end

local over = {}
for _, month in ipairs(months) do
  for nth = 1, BUDGETS do
    local scope, cap = ARGV[2 + 3 * nth], tonumber(ARGV[3 + 3 * nth])
    cap = math.max(cap, raised_to(month, scope, tonumber(ARGV[4 + 3 * nth])))
    local used, needs = tonumber(redis.call('HGET', MONTHS .. month .. ':sums', scope) or 0), adds[month][scope]
    local is_over = needs and needs > 0 and used + needs > cap
    -- A spending whose price nobody knows needs a budget with anything left in it.
    if is_over or (needs and blind[month] and used >= cap) then
      over[#over + 1] = {scope, month, whole(used), is_over and whole(needs) or '', whole(cap)}
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
      'channel', ARGV[a + 3], 'actual', '', 'at', ARGV[a + 7], 'doc', ARGV[a + 8])
    redis.call('ZADD', MONTHS .. each.month .. ':entries', ARGV[a + 7], ARGV[a])
  end
  if each.grows then
    redis.call('HSET', each.key, 'committed', ARGV[a + 5], 'counts', ARGV[a + 6])
  end
  redis.call('HSET', each.key, 'others', each.others, 'edition', whole(each.edition))
  for _, scope in ipairs(each.order) do
    redis.call('HINCRBY', sums, scope, whole(each.shares[scope]))
  end
  redis.call('EXPIRE', each.key, KEEP)
  redis.call('EXPIRE', sums, KEEP)
  redis.call('EXPIRE', MONTHS .. each.month .. ':entries', KEEP)
end
return {}
