-- OF KIND: read resources, newest registration first. KEYS: index and due of each kind. ARGV: how many of each, `unfinished`
-- where only those are wanted that are not done, the kinds.
-- Returns for each kind a list of {id, spec, generation, status, resource_version, done, due in ms, v}; entries whose resource expired are dropped.
local limit, all = tonumber(ARGV[5]), ARGV[6] ~= 'unfinished'

local function of_kind(kind, index, dues)
  local rows, start = {}, 0
  while #rows < limit do
    local ids = redis.call('ZREVRANGE', index, start, start + 199)
    if #ids == 0 then break end
    start = start + #ids
    local due = redis.call('ZMSCORE', dues, unpack(ids))
    for place, id in ipairs(ids) do
      local key = resource_key(kind, id)
      -- What is not done has a due time, and nothing else has.
      if all or due[place] or redis.call('EXISTS', key) == 0 then
        local held = redis.call('HMGET', key, 'spec', 'generation', 'status', 'resource_version', 'done', 'v')
        if not held[1] then
          redis.call('ZREM', index, id)
          -- The index is shorter by one now: without this the next page would pass one over.
          start = start - 1
        elseif #rows < limit then
          rows[#rows + 1] = {id, held[1], held[2], held[3], held[4], held[5] or '', due[place] or '', held[6] or ''}
        end
      end
    end
  end
  return rows
end

local found = {}
for n = 7, #ARGV do
  found[n - 6] = of_kind(ARGV[n], KEYS[2 * n - 13], KEYS[2 * n - 12])
end
return found
