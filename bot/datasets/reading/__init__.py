"""From bytes to rows: packing, encodings, layouts, JSON with everything that can be wrong with it."""
