-- COUNT: a call that goes on with one whose turn it was: it stands in no line. KEYS: calls made, until when Slack wants
-- quiet, how many more go on with whose turn it was. ARGV: a name for this call, ms to live. Returns ms to wait for
-- Slack's sake; 0: it was counted; -1: it goes on with none.
if (tonumber(redis.call('GET', KEYS[3])) or 0) <= 0 then return '-1' end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = math.max(0, held_until(KEYS[2], now) - now)
if wait == 0 then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  redis.call('DECR', KEYS[3])
end
return string.format('%.0f', wait)
