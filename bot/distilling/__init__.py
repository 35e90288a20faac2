"""Answers by a teacher: a file of prompts, answered by a batch job, becomes a dataset."""
