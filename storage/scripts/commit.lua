-- COMMIT: write the status if the claim still holds, and register other resources in the same breath.
-- KEYS: resource, due, then resource, index, due, kinds for each registration.
-- ARGV: id, resource_version, holder, token, status, generation seen, keep|again|done, ms (of lease or until due), how many registrations,
-- then kind, id, spec, ms ahead for each, then the record for the audit.
-- Returns the new resource_version and the due time in ms ('' when done), or {0} when the fence refuses, or {-1} when the
-- record is to be made anew; nothing was changed then.
local key, due, id = KEYS[1], KEYS[2], ARGV[5]
local resource_version, holder, token, status, generation_seen = tonumber(ARGV[6]), ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local outcome, ms, others = ARGV[11], tonumber(ARGV[12]), tonumber(ARGV[13])

local now_there = redis.call('HMGET', key, 'resource_version', 'holder', 'token', 'generation', 'enqueued')
-- The holder before the version: after a fail-over the same version may be given out twice, a holder never.
if now_there[2] ~= holder then
  return {0}
end
if tonumber(now_there[1]) == resource_version + 1 and now_there[3] == token then
  return {resource_version + 1, redis.call('ZSCORE', due, id) or ''} -- done before; its answer was lost
end
if tonumber(now_there[1]) ~= resource_version then
  return {0}
end

if not is_at_head() then
  return {-1}
end
record()

for n = 1, others do
  register(4 * n - 1, 10 + 4 * n, n)
end
if outcome == 'keep' then
  local ends = whole(NOW + ms)
  redis.call('HSET', key, 'resource_version', resource_version + 1, 'token', token, 'status', status, 'lease', ends)
  schedule(due, ends, id)
  return {resource_version + 1, ends}
end

redis.call('HSET', key, 'resource_version', resource_version + 1, 'token', token, 'status', status, 'lease', 0, 'enqueued', 0)
local at = whole(NOW)
if now_there[4] == generation_seen and now_there[5] ~= '1' then -- nobody wants another look at once
  if outcome == 'done' then
    redis.call('HSET', key, 'done', 1)
    redis.call('EXPIRE', key, KEEP_DONE)
    redis.call('ZREM', due, id)
    return {resource_version + 1, ''}
  end
  at = ahead(ms)
end
schedule(due, at, id)
return {resource_version + 1, at}
