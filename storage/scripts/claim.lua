-- CLAIM: lease the resources that have been due longest. KEYS: the due sets of the wanted kinds.
-- ARGV: how many, the holder, 1 to look at every due set and not only where `next` promises something, then kind, lease
-- in ms and rank for each of KEYS: whatever is due in a lower rank goes first.
-- Returns a list of {kind, id, spec, generation, status, resource_version, lease's end in ms, v}; one of a newer v is not leased.
local limit, holder, thorough = tonumber(ARGV[5]), ARGV[6], ARGV[7] == '1'
local found, looked, set_back = {}, {}, {}

local function collect(n, low, high)
  local pairs_ = redis.call('ZRANGEBYSCORE', KEYS[n], low, high, 'WITHSCORES', 'LIMIT', 0, limit)
  for i = 1, #pairs_, 2 do
    found[#found + 1] = {
      n = n, rank = ARGV[7 + 3 * n], kind = ARGV[5 + 3 * n], id = pairs_[i], score = tonumber(pairs_[i + 1])
    }
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
table.sort(found, function(a, b)
  if a.rank ~= b.rank then return a.rank < b.rank end
  if a.score ~= b.score then return a.score < b.score end
  if a.kind ~= b.kind then return a.kind < b.kind end
  return a.id < b.id
end)

local claimed = {}
for _, each in ipairs(found) do
  if #claimed == limit then break end
  local key, due = resource_key(each.kind, each.id), KEYS[each.n]
  local held = redis.call('HMGET', key, 'v', 'spec', 'generation', 'status')
  if not held[2] then
    -- It expired, or somebody deleted it by hand: nothing is left to be claimed.
    redis.call('ZREM', due, each.id)
  elseif held[1] ~= SCHEMA then
    redis.call('ZADD', due, whole(NOW + 60000), each.id) -- a newer release's: leave it to its processes
    claimed[#claimed + 1] = {each.kind, each.id, '', '0', '', 0, '', held[1] or ''}
  else
    local resource_version = redis.call('HINCRBY', key, 'resource_version', 1)
    local ends = whole(NOW + tonumber(ARGV[6 + 3 * each.n]))
    redis.call('HSET', key, 'holder', holder, 'token', '', 'lease', ends, 'enqueued', 0)
    redis.call('ZADD', due, ends, each.id)
    claimed[#claimed + 1] = {each.kind, each.id, held[2], held[3], held[4], resource_version, ends, SCHEMA}
  end
end
for _, n in ipairs(looked) do
  local first = redis.call('ZRANGE', KEYS[n], 0, 0, 'WITHSCORES')
  if first[1] then
    -- Beyond the set-back limit a due set's first is not what is due first: the bound must not hide those.
    redis.call('ZADD', NEXT, set_back[n] and whole(NOW) or first[2], KEYS[n])
  else
    redis.call('ZREM', NEXT, KEYS[n])
  end
end
return claimed
