"""By what goals are planned, in words: said by the start, the status and the models."""

from __future__ import annotations

RULES = "rules"


def goals_are_planned_by(planner: str) -> str:
    """`planner` is the capable model that background work would be done by, or `rules` where there is none."""
    why = ": no model is known to be capable" if planner == RULES else ""
    return f"Goals are planned by {planner}{why}."
