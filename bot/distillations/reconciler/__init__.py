"""What brings a distillation about: prepared, run, collected."""
