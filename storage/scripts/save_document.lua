-- Add or replace a document and its tags, and forget it under other IDs that it had; all of it or nothing.
-- KEYS: the document, those that it had, and perhaps `sole`. ARGV: what the keys of tags begin with, id, the text {"v",
-- "tags", "doc"}, the score, how many IDs it had, then of `sole` what it was when was looked, what it is to be (empty:
-- there is none) and seconds to keep it, then seconds to keep the document (0: for ever), then these IDs, then the tags,
-- then the record for the audit.
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
  local id = n == 1 and ARGV[2] or ARGV[8 + n]
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
local keep = tonumber(ARGV[9])
if keep > 0 then
  redis.call('EXPIRE', KEYS[1], keep)
end
for n = 10 + olds, #ARGV - 1 do
  local tagged = ARGV[1] .. ARGV[n]
  redis.call('ZADD', tagged, ARGV[4], ARGV[2])
  if keep > 0 then -- what is of before then has ended by itself, or has no more than this to live
    redis.call('ZREMRANGEBYSCORE', tagged, '-inf', '(' .. string.format('%.0f', redis.call('TIME')[1] - keep))
    redis.call('EXPIRE', tagged, keep)
  end
end
return 1
