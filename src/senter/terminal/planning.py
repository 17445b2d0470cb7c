"""By what goals are planned, in words: said by the start, the status and the models."""

from __future__ import annotations


def goals_are_planned_by(model: str) -> str:
    """`model` is the capable one that background work would be done by; empty where there is none."""
    return f"Goals are planned by {model}." if model else "Goals are planned by rules: no model is known to be capable."
