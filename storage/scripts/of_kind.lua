-- OF KIND: read resources, newest registration first. KEYS: index and due of each kind. ARGV: how many of each, the kinds.
-- Returns for each kind a list of {id, spec, generation, status, resource_version, done, due in ms, v}; entries whose resource expired are dropped.
local limit = tonumber(ARGV[5])

local function of_kind(kind, index, dues)
  local rows, start = {}, 0
  while #rows < limit do
    local ids = redis.call('ZREVRANGE', index, start, start + 199)
    if #ids == 0 then break end
    start = start + #ids
    local due = redis.call('ZMSCORE', dues, unpack(ids))
    for place, id in ipairs(ids) do
      local held = redis.call('HMGET', resource_key(kind, id), 'spec', 'generation', 'status', 'resource_version', 'done', 'v')
      if not held[1] then
        redis.call('ZREM', index, id)
        -- The index is shorter by one now: without this the next page would pass one over.
        start = start - 1
      elseif #rows < limit then
        rows[#rows + 1] = {id, held[1], held[2], held[3], held[4], held[5] or '', due[place] or '', held[6] or ''}
      end
    end
  end
  return rows
end

local found = {}
for n = 6, #ARGV do
  found[n - 5] = of_kind(ARGV[n], KEYS[2 * n - 11], KEYS[2 * n - 10])
end
return found
