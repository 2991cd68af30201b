"""Benchmarks: each is a program that prints numbers."""
