-- Shared by the scripts that write what somebody decided. The last argument is the record: empty, or JSON {stream, head,
-- code, entries}, where `code` is that of the head which the entries follow, and an entry is its text, code and key.
local RECORD = ARGV[#ARGV] ~= '' and cjson.decode(ARGV[#ARGV]) or nil

-- Whether these very entries stand there: they were written before, the answer was lost, and the client asks again.
local function is_recorded()
  local first = RECORD.entries[1]
  local there = redis.call('XRANGE', RECORD.stream, first[1], first[1])[1]
  if not there then return false end
  for n = 1, #there[2], 2 do
    if there[2][n] == 'code' then return there[2][n + 1] == first[3] end
  end
  return false
end

-- Whether nobody has written an entry since: else the entries must be made anew, and nothing is changed.
local function is_at_head()
  if not RECORD or (redis.call('HGET', RECORD.head, 'code') or '') == RECORD.code then
    return true
  end
  if is_recorded() then
    RECORD = nil
    return true
  end
  return false
end

local function record()
  if RECORD then
    for _, entry in ipairs(RECORD.entries) do
      redis.call('XADD', RECORD.stream, entry[1], 'text', entry[2], 'code', entry[3], 'key', entry[4])
      redis.call('HSET', RECORD.head, 'number', entry[5], 'code', entry[3])
    end
  end
end
