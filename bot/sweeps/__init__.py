"""Hyperparameter sweeps: one dataset trained several ways."""
