-- REGISTER: add a resource unless it is there. KEYS: resource, index, due, kinds, and perhaps `sole`.
-- ARGV: kind, id, spec, ms ahead; with `sole` what it was when was looked, what it is to be, seconds to keep it.
-- Returns 1, or 0 when one with that key is there, or -1 when somebody else has written under that word since.
if KEYS[5] and redis.call('EXISTS', KEYS[1]) == 0 then
  if not is_sole(KEYS[5], ARGV[9]) then
    return -1
  end
  redis.call('SET', KEYS[5], ARGV[10], 'EX', ARGV[11])
end
return register(1, 5, 0)
