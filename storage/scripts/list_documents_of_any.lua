-- LIST DOCUMENTS OF ANY: read those that carry any of some tags, each once, newest first.
-- KEYS: the tags. ARGV: what the keys of the tags' documents begin with, how many at most, and IDs of documents that are
-- to come last where they are there, whatever they carry.
-- Returns {IDs, their texts}, with nil for a text that is not there.
local limit, scores, ids, texts = tonumber(ARGV[2]), {}, {}, {}
if limit < 1 then
  return {ids, texts}
end
for _, tag in ipairs(KEYS) do
  local found = redis.call('ZREVRANGE', tag, 0, limit - 1, 'WITHSCORES')
  for place = 1, #found, 2 do
    if not scores[found[place]] then
      ids[#ids + 1] = found[place]
      scores[found[place]] = tonumber(found[place + 1])
    end
  end
end
table.sort(ids, function(one, other)
  if scores[one] ~= scores[other] then
    return scores[one] > scores[other]
  end
  return one > other
end)
for place = #ids, limit + 1, -1 do
  ids[place] = nil
end
for place = 3, #ARGV do
  if not scores[ARGV[place]] and redis.call('EXISTS', ARGV[1] .. ARGV[place]) == 1 then
    ids[#ids + 1] = ARGV[place]
  end
end
for place, id in ipairs(ids) do
  texts[place] = redis.call('GET', ARGV[1] .. id)
end
return {ids, texts}
