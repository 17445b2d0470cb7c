"""Carries messages between components: NATS in the daemon, memory in tests."""
