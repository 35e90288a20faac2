-- JOIN TOGETHER: count a member under a word. KEYS: the members by their places. ARGV: the member, seconds to keep them.
-- Returns its place, from 0; whoever is counted keeps their place.
local place = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not place then
  place = redis.call('ZCARD', KEYS[1])
  redis.call('ZADD', KEYS[1], place, ARGV[1])
end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return tonumber(place)
