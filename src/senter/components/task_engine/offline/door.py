"""The one door to what reads English, or does work without a capable model. Nothing else of this folder is imported
from outside."""

from __future__ import annotations

from senter.components.task_engine.offline.actions import is_action_request
from senter.components.task_engine.offline.apart import LONGEST_HERE, RulesApart, planning_child
from senter.components.task_engine.offline.clauses import understand
from senter.components.task_engine.offline.drafting import places_to_fill
from senter.components.task_engine.offline.extracting import about, fitting
from senter.components.task_engine.offline.places import is_about_what_lies_here, named_in
from senter.components.task_engine.offline.request import Act, Action, ActKind, Request
from senter.components.task_engine.offline.rules import focus_of, one_task
from senter.components.task_engine.offline.writing import Brief, Written, carry_out

__all__ = [
    "LONGEST_HERE",
    "Act",
    "ActKind",
    "Action",
    "Brief",
    "Request",
    "RulesApart",
    "Written",
    "about",
    "carry_out",
    "fitting",
    "focus_of",
    "is_about_what_lies_here",
    "is_action_request",
    "named_in",
    "one_task",
    "places_to_fill",
    "planning_child",
    "understand",
]
