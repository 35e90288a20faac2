-- REGISTER: add a resource unless it is there. KEYS: resource, index, due, kinds, and perhaps `sole`.
-- ARGV: kind, id, spec, ms ahead; with `sole` what it was when was looked, what it is to be, seconds to keep it.
-- The last argument is the record for the audit. Returns 1, or 0 when one with that key is there, or -1 when somebody else
-- has written under that word since, or -2 when the record is to be made anew.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
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
return register(1, 5, 0)
