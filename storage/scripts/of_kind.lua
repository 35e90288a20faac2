-- OF KIND: read resources, newest registration first. KEYS: index, due. ARGV: kind, how many.
-- Returns a list of {id, spec, generation, status, resource_version, done, due in ms, v}; entries whose resource expired are dropped.
local kind, limit = ARGV[5], tonumber(ARGV[6])
local rows, start = {}, 0
while #rows < limit do
  local ids = redis.call('ZREVRANGE', KEYS[1], start, start + 199)
  if #ids == 0 then break end
  start = start + #ids
  local due = redis.call('ZMSCORE', KEYS[2], unpack(ids))
  for place, id in ipairs(ids) do
    local held = redis.call('HMGET', resource_key(kind, id), 'spec', 'generation', 'status', 'resource_version', 'done', 'v')
    if not held[1] then
      redis.call('ZREM', KEYS[1], id)
      -- The index is shorter by one now: without this the next page would pass one over.
      start = start - 1
    elseif #rows < limit then
      rows[#rows + 1] = {id, held[1], held[2], held[3], held[4], held[5] or '', due[place] or '', held[6] or ''}
    end
  end
end
return rows
