-- GET: read one resource. KEYS: resource, due. ARGV: id. Returns {spec, generation, status, resource_version, done, due in ms, v}, or {} for none.
-- A script and no transaction: MULTI is refused by a server that is full, reading in a script is not.
local held = redis.call('HMGET', KEYS[1], 'spec', 'generation', 'status', 'resource_version', 'done', 'v')
if not held[1] then
  return {}
end
return {held[1], held[2], held[3], held[4], held[5] or '', redis.call('ZSCORE', KEYS[2], ARGV[5]) or '',
  held[6] or ''}
