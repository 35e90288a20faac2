-- ASK: whether a call may be made now, else in how many ms to ask again. KEYS: calls made, who waits since when, who
-- is expected back when, until when Slack wants quiet.
-- ARGV: who, a name for this call, calls in a window, ms of the window, ms that one who waits may be late, ms to live.
local who, limit, window = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
  return string.format('%.0f', number)
end

local held = math.max(0, (tonumber(redis.call('GET', KEYS[4])) or 0) - now)
if limit == 0 then
  return whole(held)
end

-- What is from the future was written before the clock was set back.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', whole(now - window))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. whole(now), '+inf')
local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', whole(now - tonumber(ARGV[5])))
for _, each in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. whole(now), '+inf')) do
  gone[#gone + 1] = each
end
for _, each in ipairs(gone) do
  redis.call('ZREM', KEYS[2], each)
  redis.call('ZREM', KEYS[3], each)
end

redis.call('ZADD', KEYS[2], 'NX', whole(now), who)
local before = redis.call('ZRANK', KEYS[2], who)
local free = limit - redis.call('ZCARD', KEYS[1])
local wait = held
if held == 0 and before < free then
  redis.call('ZREM', KEYS[2], who)
  redis.call('ZREM', KEYS[3], who)
  redis.call('ZADD', KEYS[1], whole(now), ARGV[2])
else
  -- The call before which there are enough places again, and whole windows for those who wait in front.
  local place = math.max(0, before - free)
  local earliest = redis.call('ZRANGE', KEYS[1], place % limit, place % limit, 'WITHSCORES')[2]
  local ends = earliest and tonumber(earliest) + window or now + window
  if before >= free then
    wait = math.max(wait, ends - now + math.floor(place / limit) * window)
  end
  wait = math.max(wait, 1)
  redis.call('ZADD', KEYS[3], whole(now + wait), who)
end
for nth = 1, 3 do
  redis.call('PEXPIRE', KEYS[nth], ARGV[6])
end
return whole(wait)
