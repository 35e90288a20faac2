-- REGISTER: add a resource unless it is there. KEYS: resource, index, due, kinds, and perhaps `sole`.
-- ARGV: kind, id, spec, ms ahead; with `sole` what it was when was looked, what it is to be, seconds to keep it.
-- The last arguments are a token of this registration and the record for the audit. Returns 1, or 0 when one with that key
-- is there, or -1 when somebody else has written under that word since, or -2 when the record is to be made anew.
local token = ARGV[#ARGV - 1]
if redis.call('EXISTS', KEYS[1]) == 1 then
  return redis.call('HGET', KEYS[1], 'registered') == token and 1 or 0 -- its own token: done before; its answer was lost
end
if KEYS[5] and not is_sole(KEYS[5], ARGV[9]) then
  return -1
end
if not is_at_head() then
  return -2
end
record()
if KEYS[5] then
  redis.call('SET', KEYS[5], ARGV[10], 'EX', ARGV[11])
end
register(1, 5, 0)
redis.call('HSET', KEYS[1], 'registered', token)
return 1
