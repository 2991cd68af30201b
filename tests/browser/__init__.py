"""Tests of the page in a real Chromium, against the real development server."""
