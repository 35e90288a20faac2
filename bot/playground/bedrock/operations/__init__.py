"""What the stand-in answers: one module for an operation, or for a family that shares its records."""
