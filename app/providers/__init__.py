"""API dialects, one module each, sans-I/O: requests are built, replies and stream bytes are read, nothing is sent."""
