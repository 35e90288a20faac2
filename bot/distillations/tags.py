"""What the tags of a batch job tell beside where it comes from."""

TEACHER = "teacher"
BASE = "base"
"""The base model that the dataset is meant for."""
