-- ASK: whether a call may be made now, else in how many ms to ask again. KEYS: calls made, who waits since when, who
-- is expected back when, until when Slack wants quiet.
-- ARGV: who, a name for this call, calls in a window, ms of the window, ms after its turn until one who waits loses its
-- place, ms to live, ms after its turn until others need not wait for it.
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
local gone, late = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. whole(now), '+inf'), {}
local overdue = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', whole(now - tonumber(ARGV[7])), 'WITHSCORES', 'LIMIT', 0, 1000)
for n = 1, #overdue, 2 do
  local list = tonumber(overdue[n + 1]) <= now - tonumber(ARGV[5]) and gone or late
  list[#list + 1] = overdue[n]
end
for _, each in ipairs(gone) do
  redis.call('ZREM', KEYS[2], each)
  redis.call('ZREM', KEYS[3], each)
end

redis.call('ZADD', KEYS[2], 'NX', whole(now), who)
local before = redis.call('ZRANK', KEYS[2], who)
if before > 0 and #late > 0 then -- those who are late keep their places and hold nobody up
  local since, mine = redis.call('ZMSCORE', KEYS[2], unpack(late)), tonumber(redis.call('ZSCORE', KEYS[2], who))
  for n, each in ipairs(late) do
    local theirs = tonumber(since[n] or nil)
    if each ~= who and theirs and (theirs < mine or (theirs == mine and each < who)) then before = before - 1 end
  end
end
local free = limit - redis.call('ZCARD', KEYS[1])
local wait = held
if KEYS[5] and redis.call('ZCOUNT', KEYS[5], whole(now - tonumber(ARGV[7])), whole(now + 600000)) > 0 then
  wait = math.max(wait, window) -- those who go first use up what there is
end
if wait == 0 and before < free then
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
for nth = wait == 0 and 1 or 2, wait == 0 and 1 or 3 do
  redis.call('PEXPIRE', KEYS[nth], ARGV[6])
end
return whole(wait)
