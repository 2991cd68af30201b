"""Tests of the providers and the extractors."""
