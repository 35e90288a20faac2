-- SPEC: replace what is wanted, if nobody did since. KEYS: thing, due. ARGV: id, expected gen, spec, a token of this change.
-- Returns the new gen, or 0. A leased thing becomes due when its holder commits, who sees the new gen.
local there = redis.call('HMGET', KEYS[1], 'gen', 'spec_token')
local gen, expected = there[1], tonumber(ARGV[6])
if gen and tonumber(gen) == expected + 1 and there[2] == ARGV[8] then
  return tonumber(gen) -- done before; its answer was lost
end
if gen ~= ARGV[6] then
  return 0
end
redis.call('HSET', KEYS[1], 'spec', ARGV[7], 'spec_token', ARGV[8])
redis.call('HDEL', KEYS[1], 'done')
redis.call('PERSIST', KEYS[1])
if tonumber(redis.call('HGET', KEYS[1], 'lease')) <= NOW then
  schedule(KEYS[2], whole(NOW), ARGV[5])
end
return redis.call('HINCRBY', KEYS[1], 'gen', 1)
