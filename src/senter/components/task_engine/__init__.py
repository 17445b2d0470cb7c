"""Turns goals into plans, carries plans out with tools, and keeps a journal that survives anything."""
