"""Tests of the values and rules in `app/core`."""
