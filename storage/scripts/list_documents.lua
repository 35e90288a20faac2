-- LIST DOCUMENTS: read those that carry a tag, newest first, and others that are asked for by themselves.
-- KEYS: the tag, then these others. ARGV: what the keys of the tag's documents begin with, the first place, the last.
-- Returns {IDs, their texts, the texts of the others}, with nil for a text that is not there.
local ids, texts, others = redis.call('ZREVRANGE', KEYS[1], ARGV[2], ARGV[3]), {}, {}
for place, id in ipairs(ids) do
  texts[place] = redis.call('GET', ARGV[1] .. id)
end
for place = 2, #KEYS do
  others[place - 1] = redis.call('GET', KEYS[place])
end
return {ids, texts, others}
