-- SPEC: replace what is wanted, if nobody did since. KEYS: resource, due, and perhaps `sole`.
-- ARGV: id, expected generation, spec, a token of this change; with `sole` what it was when was looked, seconds to keep it.
-- The last argument is the record for the audit. Returns the new generation; -1 when that is to be made anew; or 0: somebody changed it since, or wrote under that word. A leased resource becomes due when its holder commits, who sees the new generation.
local there = redis.call('HMGET', KEYS[1], 'generation', 'spec_token')
local generation, expected = there[1], tonumber(ARGV[6])
if generation and tonumber(generation) == expected + 1 and there[2] == ARGV[8] then
  return tonumber(generation) -- done before; its answer was lost
end
if generation ~= ARGV[6] or (KEYS[3] and not is_sole(KEYS[3], ARGV[9])) then
  return 0
end
if not is_at_head() then
  return -1
end
record()
if KEYS[3] then
  redis.call('SET', KEYS[3], ARGV[8], 'EX', ARGV[10])
end
redis.call('HSET', KEYS[1], 'spec', ARGV[7], 'spec_token', ARGV[8])
-- What was done is wanted again: it must not expire while it is worked on.
redis.call('HDEL', KEYS[1], 'done')
redis.call('PERSIST', KEYS[1])
if tonumber(redis.call('HGET', KEYS[1], 'lease')) <= NOW then
  schedule(KEYS[2], whole(NOW), ARGV[5])
end
return redis.call('HINCRBY', KEYS[1], 'generation', 1)
