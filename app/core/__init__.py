"""Values and rules of Berth: pure Python, no I/O, no async, no browser."""
