"""Letting time pass for what the bot keeps in Redis, without waiting for it."""

from redis import Redis

_REWIND = """
local root, ms = ARGV[1], tonumber(ARGV[2])
for _, kind in ipairs(redis.call('SMEMBERS', root .. ':kinds')) do
  local due = root .. ':due:' .. kind
  for _, id in ipairs(redis.call('ZRANGE', due, 0, -1)) do
    redis.call('ZINCRBY', due, string.format('%.0f', -ms), id)
  end
  redis.call('ZADD', root .. ':next', 'XX', 'INCR', string.format('%.0f', -ms), due)
  for _, id in ipairs(redis.call('ZRANGE', root .. ':kind:' .. kind, 0, -1)) do
    redis.call('ZINCRBY', root .. ':kind:' .. kind, string.format('%.0f', -ms * 1000), id) -- in microseconds
    local key = root .. ':resource:' .. kind .. ':' .. id
    if redis.call('EXISTS', key) == 1 then
      redis.call('HINCRBY', key, 'lease', string.format('%.0f', -ms))
    end
  end
end
for _, key in ipairs(redis.call('KEYS', root:gsub('[{}]', '\\\\%0') .. ':limit:*')) do
  if redis.call('TYPE', key).ok == 'string' then
    if not key:find(':further:', 1, true) then redis.call('DECRBY', key, string.format('%.0f', ms)) end
  else
    for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
      redis.call('ZINCRBY', key, string.format('%.0f', -ms), member)
    end
  end
end
for _, key in ipairs(redis.call('KEYS', root:gsub('[{}]', '\\\\%0') .. ':*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then
    redis.call('PEXPIRE', key, string.format('%.0f', math.max(left - ms, 0)))
  end
end
"""
"""Moves everything under a root into the past, which is the same as waiting."""


def rewind(client: Redis, root: str, seconds: float) -> None:
    """Let time pass for all keys that begin with ``root``; a negative time is a clock that was set back."""
    client.eval(_REWIND, 0, root, round(seconds * 1000))
