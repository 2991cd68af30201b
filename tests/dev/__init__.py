"""Tests of the two commands and of what they are made of."""
