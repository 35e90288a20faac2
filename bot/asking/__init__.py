"""Questions to a model: which model, with which system prompt and conversation, answered as a stream."""
