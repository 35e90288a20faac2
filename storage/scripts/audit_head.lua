-- Where the audit ends, what time it is, and which of these resources are there. KEYS: the head, then resources.
-- Returns number, code, seconds, microseconds, then 1 or 0 for each resource.
local head, time = redis.call('HMGET', KEYS[1], 'number', 'code'), redis.call('TIME')
local found = {head[1] or '0', head[2] or '', time[1], time[2]}
for n = 2, #KEYS do
  found[n + 3] = redis.call('EXISTS', KEYS[n])
end
return found
