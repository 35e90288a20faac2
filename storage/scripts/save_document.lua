-- Add or replace a document and its tags, and forget it under other IDs that it had; all of it or nothing.
-- KEYS: the document, those that it had, and perhaps `sole`. ARGV: what the keys of tags begin with, id, the text {"v",
-- "tags", "doc"}, the score, how many IDs it had, then of `sole` what it was when was looked, what it is to be (empty:
-- there is none) and seconds to keep it, then these IDs, then the tags, then the record for the audit.
-- Returns 1, or 0 when somebody else has written under that word since, or -1 when the record is to be made anew: then
-- nothing was changed.
local olds, token = tonumber(ARGV[5]), ARGV[7]
if token ~= '' then
  local last = redis.call('GET', KEYS[olds + 2]) or ''
  if last ~= ARGV[6] and last ~= token then -- its own token: it was done before, and its answer was lost
    return 0
  end
end
if not is_at_head() then
  return -1
end
record()
if token ~= '' then
  redis.call('SET', KEYS[olds + 2], token, 'EX', ARGV[8])
end
for n = 1, olds + 1 do
  local id = n == 1 and ARGV[2] or ARGV[7 + n]
  local old = redis.call('GET', KEYS[n])
  if old then
    local readable, kept = pcall(cjson.decode, old) -- what cannot be read is replaced all the same
    if readable and type(kept) == 'table' and type(kept['tags']) == 'table' then
      for _, tag in ipairs(kept['tags']) do
        redis.call('ZREM', ARGV[1] .. tag, id)
      end
    end
    redis.call('DEL', KEYS[n])
  end
end
redis.call('SET', KEYS[1], ARGV[3])
for n = 9 + olds, #ARGV - 1 do
  redis.call('ZADD', ARGV[1] .. ARGV[n], ARGV[4], ARGV[2])
end
return 1
