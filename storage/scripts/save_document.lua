-- Add or replace a document and its tags. KEYS: the document.
-- ARGV: what the keys of tags begin with, id, the text {"v", "tags", "doc"}, the score, then the tags.
local old = redis.call('GET', KEYS[1])
if old then
  local readable, kept = pcall(cjson.decode, old) -- what cannot be read is replaced all the same
  if readable and type(kept) == 'table' and type(kept['tags']) == 'table' then
    for _, tag in ipairs(kept['tags']) do
      redis.call('ZREM', ARGV[1] .. tag, ARGV[2])
    end
  end
end
redis.call('SET', KEYS[1], ARGV[3])
for n = 5, #ARGV do
  redis.call('ZADD', ARGV[1] .. ARGV[n], ARGV[4], ARGV[2])
end
return 1
