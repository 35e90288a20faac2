-- UNFINISHED: read all resources of a kind that are not done, in the order of their due times. KEYS: due. ARGV: kind.
-- Returns a list of {id, spec, generation, status, resource_version, '', due in ms, v}.
local rows, pairs_ = {}, redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #pairs_, 2 do
  local held = redis.call('HMGET', resource_key(ARGV[5], pairs_[i]), 'spec', 'generation', 'status', 'resource_version', 'v')
  if held[1] then
    rows[#rows + 1] = {pairs_[i], held[1], held[2], held[3], held[4], '', pairs_[i + 1], held[5] or ''}
  end
end
return rows
