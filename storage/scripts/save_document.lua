-- Add or replace a document and its tags, and forget it under other IDs that it had; all of it or nothing.
-- KEYS: the document, then those that it had. ARGV: what the keys of tags begin with, id, the text {"v", "tags",
-- "doc"}, the score, how many IDs it had, these IDs, then the tags.
local olds = tonumber(ARGV[5])
for n = 1, #KEYS do
  local id = n == 1 and ARGV[2] or ARGV[4 + n]
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
for n = 6 + olds, #ARGV do
  redis.call('ZADD', ARGV[1] .. ARGV[n], ARGV[4], ARGV[2])
end
return 1
