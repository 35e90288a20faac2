-- HOLD: nobody makes such calls for so many ms; the longest wish counts. KEYS: until when. ARGV: ms.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = now + tonumber(ARGV[1])
if ends > held_until(KEYS[1], now) then
  redis.call('SET', KEYS[1], string.format('%.0f', ends), 'PX', ARGV[1])
end
return 1
