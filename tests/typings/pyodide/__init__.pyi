"""Pyodide, as far as the app uses it."""
