-- Shared by the scripts that write what somebody decided. The last argument is the record: empty, or JSON {stream, head,
-- code, entries}, where `code` is that of the head which the entries follow, and an entry is its text, code and key.
local RECORD = ARGV[#ARGV] ~= '' and cjson.decode(ARGV[#ARGV]) or nil

-- Whether nobody has written an entry since: else the entries must be made anew, and nothing is changed.
local function is_at_head()
  return not RECORD or (redis.call('HGET', RECORD.head, 'code') or '') == RECORD.code
end

local function record()
  if RECORD then
    for _, entry in ipairs(RECORD.entries) do
      redis.call('XADD', RECORD.stream, entry[1], 'text', entry[2], 'code', entry[3], 'key', entry[4])
      redis.call('HSET', RECORD.head, 'number', entry[5], 'code', entry[3])
    end
  end
end
