"""The report as people read it: one page that opens anywhere, and small pictures made of characters."""
