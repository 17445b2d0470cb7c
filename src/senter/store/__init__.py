"""Keeps what components must not lose: one SQLite file per owner, with an outbox and an inbox in it."""
