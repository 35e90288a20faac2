-- Add a question's turns to a conversation, once. KEYS: the conversation, its model.
-- ARGV: the question's id, the text {"v", "question", "turns"}, how many questions are kept, seconds they are kept.
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local readable, kept = pcall(cjson.decode, entry) -- what cannot be read is another question: it keeps none from being kept
  if readable and type(kept) == 'table' and kept['question'] == ARGV[1] then
    return 0
  end
end
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return 1
