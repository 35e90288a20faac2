"""Tests of what readers want."""
