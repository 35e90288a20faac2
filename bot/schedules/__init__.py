"""Office hours: a model by the hour that is on and off by itself, within a sum that was agreed to once."""
