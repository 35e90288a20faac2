-- COUNT: a call that goes on with one whose turn it was: it stands in no line. KEYS: calls made, until when Slack wants
-- quiet. ARGV: a name for this call, ms to live. Returns ms to wait for Slack's sake; 0: it was counted.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait = math.max(0, (tonumber(redis.call('GET', KEYS[2])) or 0) - now)
if wait == 0 then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return string.format('%.0f', wait)
