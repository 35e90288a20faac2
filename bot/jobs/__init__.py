"""Customization jobs: the plan, its price and preflight, the states of a job, the model that comes out."""
