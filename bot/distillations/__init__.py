"""Answers of a teacher model, collected in a batch and made a dataset."""
