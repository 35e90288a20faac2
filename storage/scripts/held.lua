-- Shared by the scripts that ask whether Slack wants quiet, and until when.
-- The longest hold (LONGEST_HOLD), in ms: what is further ahead was written before the clock was set back, and stops nobody
-- for as long as that.
local LONGEST = 600000

-- Until when, in ms; 0: nobody wants it. `now` is the server's time in ms.
local function held_until(key, now)
  local ends = tonumber(redis.call('GET', key)) or 0
  return ends <= now + LONGEST and ends or 0
end

