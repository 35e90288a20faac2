-- Have a budget be so much in a month, unless it is more already. KEYS: what budgets were raised to in the month. ARGV: the
-- budget, millionths, seconds to keep it, then the record for the audit.
-- Returns 1, or 0 when the record is to be made anew: then nothing was changed.
if not is_at_head() then
  return 0
end
record()
-- GT: of two who raise it in the same moment the larger sum stays, in whatever order they arrive.
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
