"""Questions to a tuned model: the answer streams into the thread, and a crash leaves no half of it unsaid."""
