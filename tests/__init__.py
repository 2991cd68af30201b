"""Berth's tests: `python3 tests` runs them all."""
