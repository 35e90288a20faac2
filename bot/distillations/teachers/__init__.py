"""Models that answer prompts in batch, as data: one module a teacher."""
