"""What the tests and the benchmark of answers share: the part that runs in the page, and texts."""

from pathlib import Path

DRIVER = Path(__file__).parent / "driver.py"
"""Runs in the page."""
