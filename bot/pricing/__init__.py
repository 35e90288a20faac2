"""Prices, estimates and when somebody has to approve."""
