-- OF KIND: read resources, newest registration first. KEYS: index and due of each kind. ARGV: how many of each, `unfinished`
-- where only those are wanted that are not done, since when they were registered in microseconds, the kinds.
-- Returns for each kind a list of {id, spec, generation, status, resource_version, done, due in ms, v}; entries whose resource expired are dropped.
local limit, all = tonumber(ARGV[5]), ARGV[6] ~= 'unfinished'
local since = tonumber(ARGV[7])

local function read(kind, id, due)
  local held = redis.call('HMGET', resource_key(kind, id), 'spec', 'generation', 'status', 'resource_version', 'done', 'v')
  if not held[1] then return nil end
  return {id, held[1], held[2], held[3], held[4], held[5] or '', due or '', held[6] or ''}
end

local function of_kind(kind, index, dues)
  -- By rank: by score each page would walk past all that stand before it.
  local rows, start, many = {}, 0, redis.call('ZCOUNT', index, ARGV[7], '+inf')
  while #rows < limit and start < many do
    local ids = redis.call('ZREVRANGE', index, start, math.min(start + 200, many) - 1)
    start = start + #ids
    local due = redis.call('ZMSCORE', dues, unpack(ids))
    for place, id in ipairs(ids) do
      if #rows == limit then break end
      local row = read(kind, id, due[place])
      if row then
        rows[#rows + 1] = row
      else
        redis.call('ZREM', index, id)
        -- The index is shorter by one now: without this the next page would pass one over.
        start, many = start - 1, many - 1
      end
    end
  end
  return rows
end

-- What is not done has a due time, and nothing else has: what is done, of which there are mostly far more, is not looked at.
local function unfinished(kind, index, dues)
  local pairs_, found, rows = redis.call('ZRANGE', dues, 0, -1, 'WITHSCORES'), {}, {}
  for i = 1, #pairs_, 2 do
    local registered = redis.call('ZSCORE', index, pairs_[i])
    local at = tonumber(registered or nil) or 0
    if at >= since then
      found[#found + 1] = {id = pairs_[i], due = pairs_[i + 1], at = at}
    end
  end
  table.sort(found, function(one, other)
    if one.at ~= other.at then return one.at > other.at end
    return one.id > other.id
  end)
  for _, each in ipairs(found) do
    if #rows == limit then break end
    rows[#rows + 1] = read(kind, each.id, each.due)
  end
  return rows
end

local found = {}
for n = 8, #ARGV do
  found[n - 7] = (all and of_kind or unfinished)(ARGV[n], KEYS[2 * n - 15], KEYS[2 * n - 14])
end
return found
