-- WEIGH: whether so much may be had now of what a place gives in any window, else in how many ms to ask again.
-- KEYS: what was had (`weight:who` at ms), who waits since when, who is expected back when.
-- ARGV: who, weight, limit, ms of the window, ms after its turn until one who waits loses its place, ms to live, ms after
-- its turn until others need not wait for it, 1 to put right the weight of what was had, and nothing else.
-- Returns ms to wait, and how many wait in front. What is heavier than the limit is had when nothing else is.
local had, waiting, expected = KEYS[1], KEYS[2], KEYS[3]
local who, weight, limit, window = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function whole(number)
  return string.format('%.0f', number)
end

-- What is from the future was written before the clock was set back.
redis.call('ZREMRANGEBYSCORE', had, '-inf', whole(now - window))
redis.call('ZREMRANGEBYSCORE', had, '(' .. whole(now), '+inf')
local rows, others, sum = redis.call('ZRANGE', had, 0, -1, 'WITHSCORES'), {}, 0
for n = 1, #rows, 2 do
  local theirs, name = string.match(rows[n], '^(%d+):(.*)$')
  if name == who then
    redis.call('ZREM', had, rows[n])
    if ARGV[8] == '1' then redis.call('ZADD', had, rows[n + 1], whole(weight) .. ':' .. who) end
  else
    others[#others + 1] = {weight = tonumber(theirs), at = tonumber(rows[n + 1])}
    sum = sum + tonumber(theirs)
  end
end
if ARGV[8] == '1' then
  redis.call('PEXPIRE', had, ARGV[6]) -- where it was all that was had, the key is another by now
  return {'0', 0}
end

redis.call('ZREMRANGEBYSCORE', waiting, '(' .. whole(now + 1), '+inf')
for _, each in ipairs(redis.call('ZRANGEBYSCORE', expected, '-inf', whole(now - tonumber(ARGV[5])))) do
  redis.call('ZREM', waiting, each)
  redis.call('ZREM', expected, each)
end
local last = tonumber(redis.call('ZREVRANGE', waiting, 0, 0, 'WITHSCORES')[2] or 0)
redis.call('ZADD', waiting, 'NX', last < now and whole(now) or string.format('%.3f', last + 0.001), who)
local before, mine = redis.call('ZRANK', waiting, who), tonumber(redis.call('ZSCORE', waiting, who))
for _, each in ipairs(redis.call('ZRANGEBYSCORE', expected, '-inf', whole(now - tonumber(ARGV[7])))) do
  local theirs = tonumber(redis.call('ZSCORE', waiting, each) or nil)
  if each ~= who and theirs and theirs < mine then before = before - 1 end -- late: it keeps its place, and holds nobody up
end

local wait = 0
if before == 0 and (sum + weight <= limit or sum == 0) then
  redis.call('ZADD', had, whole(now), whole(weight) .. ':' .. who)
  redis.call('ZREM', waiting, who)
  redis.call('ZREM', expected, who)
else
  -- Those in front are taken to be as heavy; when enough of what was had has gone out of the window, it is its turn.
  local needed = sum + weight * (before + 1) - limit
  wait = 200
  for _, each in ipairs(others) do
    if needed <= 0 then break end
    needed, wait = needed - each.weight, math.max(each.at + window - now, 1)
  end
  if needed > 0 then wait = math.max(wait, math.ceil(needed / limit) * window) end
  redis.call('ZADD', expected, whole(now + wait), who)
end
for _, each in ipairs(KEYS) do redis.call('PEXPIRE', each, ARGV[6]) end
return {whole(wait), before}
