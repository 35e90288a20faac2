-- ENQUEUE_NOW: make resources due now; leased ones when their holder commits. KEYS: resource, due for each. ARGV: the ids.
for n = 1, #KEYS / 2 do
  local key = KEYS[2 * n - 1]
  local there = redis.call('HMGET', key, 'spec', 'done', 'lease')
  -- What is done stays done: a hint wakes nothing, a new spec does.
  if there[1] and there[2] ~= '1' then
    if tonumber(there[3]) > NOW then
      redis.call('HSET', key, 'enqueued', 1)
    else
      schedule(KEYS[2 * n], whole(NOW), ARGV[4 + n])
    end
  end
end
return 1
