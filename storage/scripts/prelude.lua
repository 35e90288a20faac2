-- Shared by the scripts of the work queue. ARGV[1] is the keys' root; ARGV[2], ARGV[3] the horizon and the set-back
-- limit in ms; ARGV[4] the seconds that a done resource is kept. A script's own arguments begin at ARGV[5].
local ROOT = ARGV[1]
local HORIZON, SET_BACK, KEEP_DONE = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local SCHEMA = '1'
local time = redis.call('TIME')
local MICROS = time[1] * 1000000 + time[2]
local NOW = math.floor(MICROS / 1000)

-- Lua writes a number of more than 14 digits as 1.2e+15, which is no longer the same number.
local function whole(number)
  return string.format('%.0f', number)
end

local function ahead(ms)
  return whole(NOW + math.min(math.max(tonumber(ms), 0), HORIZON))
end

local function resource_key(kind, id)
  return ROOT .. ':resource:' .. kind .. ':' .. id
end

-- Make a resource due at `at`, and note in `next` when the first of its due set is: a lower bound, so that a claim need not
-- look at due sets that have nothing. Whoever looks at a due set anyway puts the bound right.
local NEXT = ROOT .. ':next'

local function schedule(due, at, id)
  redis.call('ZADD', due, at, id)
  redis.call('ZADD', NEXT, 'LT', at, due)
end

-- Index entries outlive resources that expired. Each registration looks at three at random, so that at most about a
-- third of an index is ever left over.
local function prune(index, kind)
  for _, id in ipairs(redis.call('ZRANDMEMBER', index, 3)) do
    if redis.call('EXISTS', resource_key(kind, id)) == 0 then
      redis.call('ZREM', index, id)
    end
  end
end

-- Whether nobody has written under the word since it was `seen` ('': nobody had).
local function is_sole(key, seen)
  return (redis.call('GET', key) or '') == seen
end

-- Add a resource unless it is there. KEYS from `k`: resource, index, due, kinds. ARGV from `a`: kind, id, spec, ms ahead.
local function register(k, a, nth)
  local kind, id = ARGV[a], ARGV[a + 1]
  if redis.call('EXISTS', KEYS[k]) == 1 then
    return 0
  end
  redis.call('HSET', KEYS[k], 'v', SCHEMA, 'spec', ARGV[a + 2], 'generation', 1, 'status', '{}', 'resource_version', 0, 'lease', 0)
  prune(KEYS[k + 1], kind)
  -- Counted on by one each: what is registered in one script is listed in that order.
  redis.call('ZADD', KEYS[k + 1], whole(MICROS + nth), id)
  schedule(KEYS[k + 2], ahead(ARGV[a + 3]), id)
  redis.call('SADD', KEYS[k + 3], kind)
  return 1
end

