-- CLAIM: lease the resources that have been due longest, room by room. KEYS: the due sets of the wanted kinds.
-- ARGV: the holder, 1 to look at every due set and not only where `next` promises something, how many rooms; for each of
-- them how many there may be, how many of one group may be in hand at once (-1: all), and how many are (JSON by group);
-- then for each of KEYS kind, lease in ms, number of its room and where in the spec its group stands ('': nowhere).
-- Where there are groups, the next one is of the group of which the fewest are in hand.
-- Returns a list of {kind, id, spec, generation, status, resource_version, lease's end in ms, v}; one of a newer v is not leased.
local holder, thorough, count = ARGV[5], ARGV[6] == '1', tonumber(ARGV[7])
local AMONG = 300 -- candidates of a kind at most, where there are groups
local rooms, looked, set_back = {}, {}, {}
for r = 1, count do
  rooms[r] = {
    free = tonumber(ARGV[5 + 3 * r]), most = tonumber(ARGV[6 + 3 * r]), hand = cjson.decode(ARGV[7 + 3 * r]), found = {}
  }
end
local first = 7 + 3 * count

local function group(spec, path)
  local ok, at = pcall(cjson.decode, spec)
  for member in string.gmatch(path, '[^.]+') do
    if not ok or type(at) ~= 'table' then return '' end
    at = at[member]
  end
  return ok and type(at) == 'string' and at or ''
end

local function collect(n, low, high)
  local room, path = rooms[tonumber(ARGV[first + 4 * n - 1])], ARGV[first + 4 * n]
  local limit = path == '' and room.free or math.max(room.free, AMONG)
  local pairs_ = redis.call('ZRANGEBYSCORE', KEYS[n], low, high, 'WITHSCORES', 'LIMIT', 0, limit)
  for i = 1, #pairs_, 2 do
    local each = {n = n, kind = ARGV[first + 4 * n - 3], id = pairs_[i], score = tonumber(pairs_[i + 1]), group = ''}
    if path ~= '' then
      each.group = group(redis.call('HGET', resource_key(each.kind, each.id), 'spec') or '', path)
    end
    room.found[#room.found + 1] = each
  end
  return #pairs_ > 0
end

local function look(n)
  looked[#looked + 1] = n
  collect(n, '-inf', whole(NOW))
  set_back[n] = collect(n, '(' .. whole(NOW + SET_BACK), '+inf')
end

local hinted = redis.call('ZRANGEBYSCORE', NEXT, '-inf', whole(NOW))
-- An empty `next` promises that nothing is due; one that is not there promises nothing.
if thorough or (#hinted == 0 and redis.call('EXISTS', NEXT) == 0) then
  for n = 1, #KEYS do look(n) end
else
  local place = {}
  for n = 1, #KEYS do place[KEYS[n]] = n end
  for _, due in ipairs(hinted) do
    if place[due] then look(place[due]) end
  end
end
local claimed = {}

-- Returns whether it was there to be leased.
local function lease(each)
  local key, due = resource_key(each.kind, each.id), KEYS[each.n]
  local held = redis.call('HMGET', key, 'v', 'spec', 'generation', 'status')
  if not held[2] then
    -- It expired, or somebody deleted it by hand: nothing is left to be claimed.
    redis.call('ZREM', due, each.id)
    return false
  elseif held[1] ~= SCHEMA then
    redis.call('ZADD', due, whole(NOW + 60000), each.id) -- a newer release's: leave it to its processes
    claimed[#claimed + 1] = {each.kind, each.id, '', '0', '', 0, '', held[1] or ''}
  else
    local resource_version = redis.call('HINCRBY', key, 'resource_version', 1)
    local ends = whole(NOW + tonumber(ARGV[first + 4 * each.n - 2]))
    redis.call('HSET', key, 'holder', holder, 'token', '', 'lease', ends, 'enqueued', 0)
    redis.call('ZADD', due, ends, each.id)
    claimed[#claimed + 1] = {each.kind, each.id, held[2], held[3], held[4], resource_version, ends, SCHEMA}
  end
  return true
end

local function next_of(room)
  local best, place
  for n, each in ipairs(room.found) do
    local hand = room.hand[each.group] or 0
    if (room.most < 0 or hand < room.most) and (not best or hand < (room.hand[best.group] or 0)) then
      best, place = each, n
    end
  end
  if best then table.remove(room.found, place) end
  return best
end

for _, room in ipairs(rooms) do
  table.sort(room.found, function(a, b)
    if a.score ~= b.score then return a.score < b.score end
    if a.kind ~= b.kind then return a.kind < b.kind end
    return a.id < b.id
  end)
  local free = room.free
  while free > 0 do
    local each = next_of(room)
    if not each then break end
    if lease(each) then
      free = free - 1
      if each.group ~= '' then room.hand[each.group] = (room.hand[each.group] or 0) + 1 end
    end
  end
end
for _, n in ipairs(looked) do
  local soonest = redis.call('ZRANGE', KEYS[n], 0, 0, 'WITHSCORES')
  if soonest[1] then
    -- Beyond the set-back limit a due set's first is not what is due first: the bound must not hide those.
    redis.call('ZADD', NEXT, set_back[n] and whole(NOW) or soonest[2], KEYS[n])
  else
    redis.call('ZREM', NEXT, KEYS[n])
  end
end
return claimed
