-- ASK: whether a call may be made now by all the limits that it counts in, else in how many ms to ask again.
-- KEYS: for each limit: calls made, who waits since when, who is expected back when, until when Slack wants quiet; then
-- how many more calls go on with this one, and perhaps who is expected back by those that go before the first limit's.
-- ARGV: who, a name for this call, ms after its turn until one who waits loses its place, ms to live, ms after its turn
-- until others need not wait for it, the number of limits; then for each: calls in a window (0: no bound), ms of the
-- window, how many may wait (-1: any number); then how many calls may go on with this one, and for how many ms.
-- Returns ms to wait, how many wait in front in the longest line, and the number of the limit whose line is full, or 0.
local who, limits = ARGV[1], tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
  return string.format('%.0f', number)
end

local function forget(calls, waiting, expected, window)
  -- What is from the future was written before the clock was set back.
  redis.call('ZREMRANGEBYSCORE', calls, '-inf', whole(now - window))
  redis.call('ZREMRANGEBYSCORE', calls, '(' .. whole(now), '+inf')
  local gone, late = redis.call('ZRANGEBYSCORE', waiting, '(' .. whole(now + LONGEST), '+inf'), {}
  -- No more than `unpack` below can put on Lua's stack.
  local overdue = redis.call('ZRANGEBYSCORE', expected, '-inf', whole(now - tonumber(ARGV[5])), 'WITHSCORES', 'LIMIT', 0, 1000)
  for n = 1, #overdue, 2 do
    local list = tonumber(overdue[n + 1]) <= now - tonumber(ARGV[3]) and gone or late
    list[#list + 1] = overdue[n]
  end
  for _, each in ipairs(gone) do
    redis.call('ZREM', waiting, each)
    redis.call('ZREM', expected, each)
  end
  return late
end

local function join(waiting)
  -- Those who come within one millisecond stand in the order in which they came.
  local last = tonumber(redis.call('ZREVRANGEBYSCORE', waiting, '(' .. whole(now + 1), '-inf', 'WITHSCORES', 'LIMIT', 0, 1)[2] or 0)
  return redis.call('ZADD', waiting, 'NX', last < now and whole(now) or string.format('%.3f', last + 0.001), who) == 1
end

local function in_front(waiting, late)
  local before = redis.call('ZRANK', waiting, who)
  if before > 0 and #late > 0 then -- those who are late keep their places and hold nobody up
    local since, mine = redis.call('ZMSCORE', waiting, unpack(late)), tonumber(redis.call('ZSCORE', waiting, who))
    for n, each in ipairs(late) do
      local theirs = tonumber(since[n] or nil)
      if each ~= who and theirs and (theirs < mine or (theirs == mine and each < who)) then before = before - 1 end
    end
  end
  return before
end

-- A call that goes on with one whose turn it was stands in no line: others wait for it afterwards.
local further, left = tonumber(ARGV[3 * limits + 7]), KEYS[4 * limits + 1]
if further > 0 and (tonumber(redis.call('GET', left)) or 0) > 0 then
  local wait = math.max(0, held_until(KEYS[4], now) - now)
  if wait == 0 then
    redis.call('ZADD', KEYS[1], whole(now), ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    redis.call('DECR', left)
  end
  return {whole(wait), 0, 0}
end

local seen, longest, ahead, full = {}, 0, 0, 0
for n = 1, limits do
  local calls, waiting, expected, held = KEYS[4 * n - 3], KEYS[4 * n - 2], KEYS[4 * n - 1], KEYS[4 * n]
  local limit, window, line = tonumber(ARGV[3 * n + 4]), tonumber(ARGV[3 * n + 5]), tonumber(ARGV[3 * n + 6])
  local wait = math.max(0, held_until(held, now) - now)
  if limit > 0 then
    local late = forget(calls, waiting, expected, window)
    local is_new = join(waiting)
    local before = in_front(waiting, late)
    local free = limit - redis.call('ZCARD', calls)
    local behind = n == 1 and KEYS[4 * limits + 2]
    if behind and redis.call('ZCOUNT', behind, whole(now - tonumber(ARGV[5])), whole(now + LONGEST)) > 0 then
      wait = math.max(wait, window) -- those who go first use up what there is
    end
    local waits = wait > 0 or before >= free
    if before >= free then
      -- The call before which there are enough places again, and whole windows for those who wait in front.
      local place = math.max(0, before - free)
      local earliest = redis.call('ZRANGE', calls, place % limit, place % limit, 'WITHSCORES')[2]
      local ends = earliest and tonumber(earliest) + window or now + window
      wait = math.max(wait, ends - now + math.floor(place / limit) * window, 1)
    end
    if waits and is_new and line >= 0 and math.max(0, before - math.max(0, free)) >= line then full = n end
    if waits and wait >= longest then ahead = before end
    seen[#seen + 1] = {calls = calls, waiting = waiting, expected = expected, is_new = is_new, waits = waits, sooner = n == 1 and wait}
  end
  longest = math.max(longest, wait)
end

for _, each in ipairs(seen) do
  if longest == 0 then
    redis.call('ZADD', each.calls, whole(now), ARGV[2])
  end
  if longest == 0 or (each.is_new and (full > 0 or not each.waits)) then
    redis.call('ZREM', each.waiting, who)
    redis.call('ZREM', each.expected, who)
  else
    redis.call('ZADD', each.expected, whole(now + longest), who)
    if each.sooner and each.sooner < longest then
      -- It waits for a share, a channel's, say. In the line of all it stands where it will be by then: else a channel
      -- with a long line would hold up every other. In the share's own line it keeps its place.
      redis.call('ZADD', each.waiting, whole(now + math.min(longest, LONGEST)), who)
    end
  end
  redis.call('PEXPIRE', each.calls, ARGV[4])
  redis.call('PEXPIRE', each.waiting, ARGV[4])
  redis.call('PEXPIRE', each.expected, ARGV[4])
end
if longest == 0 and further > 0 then
  redis.call('SET', left, further, 'PX', ARGV[3 * limits + 8])
end
return {whole(longest), ahead, full}
