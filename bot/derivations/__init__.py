"""Datasets made of datasets: split, converted, compared."""
