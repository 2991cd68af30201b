"""What `serve_dev.py` and `python3 tests` are made of: prepare the browser dependencies, serve the page.

Runs on CPython 3.11 with the standard library only, because it is what installs everything else.
"""
