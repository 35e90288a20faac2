"""Sample datasets for the demo and the docs: invented health-insurance claims, written by ``make.py``."""
