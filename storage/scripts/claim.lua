-- CLAIM: lease the things that have been due longest. KEYS: the due sets of the wanted kinds.
-- ARGV: how many, the holder, then kind and lease in ms for each of KEYS.
-- Returns a list of {kind, id, spec, gen, status, rev, lease's end in ms}.
local limit, holder = tonumber(ARGV[5]), ARGV[6]
local found = {}

local function collect(n, low, high)
  local pairs_ = redis.call('ZRANGEBYSCORE', KEYS[n], low, high, 'WITHSCORES', 'LIMIT', 0, limit)
  for i = 1, #pairs_, 2 do
    found[#found + 1] = {n = n, kind = ARGV[5 + 2 * n], id = pairs_[i], score = tonumber(pairs_[i + 1])}
  end
end

for n = 1, #KEYS do
  collect(n, '-inf', whole(NOW))
  collect(n, '(' .. whole(NOW + SET_BACK), '+inf')
end
table.sort(found, function(a, b)
  if a.score ~= b.score then return a.score < b.score end
  if a.kind ~= b.kind then return a.kind < b.kind end
  return a.id < b.id
end)

local claimed = {}
for _, each in ipairs(found) do
  if #claimed == limit then break end
  local key, due = thing_key(each.kind, each.id), KEYS[each.n]
  local held = redis.call('HMGET', key, 'v', 'spec', 'gen', 'status')
  if not held[2] then
    redis.call('ZREM', due, each.id)
  elseif held[1] ~= SCHEMA then
    redis.call('ZADD', due, whole(NOW + 60000), each.id) -- a newer release's: leave it to its processes
  else
    local rev = redis.call('HINCRBY', key, 'rev', 1)
    local ends = whole(NOW + tonumber(ARGV[6 + 2 * each.n]))
    redis.call('HSET', key, 'holder', holder, 'token', '', 'lease', ends, 'poked', 0)
    redis.call('ZADD', due, ends, each.id)
    claimed[#claimed + 1] = {each.kind, each.id, held[2], held[3], held[4], rev, ends}
  end
end
return claimed
