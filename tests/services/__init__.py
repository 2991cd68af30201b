"""Tests of the services: real store, real provider, and a world that the test controls."""
