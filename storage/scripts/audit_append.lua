-- Add entries that nothing else is written with. KEYS: the head. Returns 1, or 0 when somebody else has written since.
if not is_at_head() then
  return 0
end
record()
return 1
