"""Datasets: reading, rules, reports, repairs; and where the validated bytes and their metadata are kept."""
