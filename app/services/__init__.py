"""Use cases: async, and dependent only on the ports in `services.ports`."""
