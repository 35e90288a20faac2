"""Prompts that a teacher answers in batch, until they are a dataset."""
