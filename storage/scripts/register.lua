-- REGISTER: add a resource unless it is there. KEYS: resource, index, due, kinds. ARGV: kind, id, spec, ms ahead.
-- Returns 1, or 0 when one with that key is there.
return register(1, 5, 0)
