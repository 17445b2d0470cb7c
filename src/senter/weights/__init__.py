"""Weights of embedded models: what there is to fetch, where it comes from, and the user's one cache of them.

Standard library only: the first command fetches while the environment is still being made. The daemon's own
processes import the catalogue and the cache; what speaks to the outside runs in a process of its own.
"""
