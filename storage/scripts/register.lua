-- REGISTER: add a thing unless it is there. KEYS: thing, index, due, kinds. ARGV: kind, id, spec, ms ahead.
-- Returns 1, or 0 when one with that key is there.
return register(1, 5, 0)
