"""What a person should know of a plan before it is carried out."""

from __future__ import annotations

from collections.abc import Collection

from senter.components.task_engine.contract.plan import Plan, WorkKind
from senter.components.task_engine.contract.tool import DOCUMENTS_SEARCH, SEARCHES, WEB_SEARCH

_LOOKS = frozenset({WorkKind.READ, WorkKind.GATHER, WorkKind.OUTLINE, WorkKind.ANSWER})


def about_foreign_words(plan: Plan) -> str:
    """What a person should know of a plan that was made with them in view."""
    if not any(task.tainted for task in plan.tasks):
        return ""
    return "It was planned with the descriptions of others' tools in view, so what it would change waits for you."


def about_sources(plan: Plan, usable: Collection[str]) -> str:
    """What a person should know about where this plan will look."""
    looks = any(task.tool in SEARCHES or (not task.tool and task.work in _LOOKS) for task in plan.tasks)
    if not looks or WEB_SEARCH in usable:
        return ""
    if DOCUMENTS_SEARCH in usable:
        return "No web provider is on, so only your own documents are searched."
    return (
        "There is nothing to search, no folder is named and no web provider is on, so nothing will have a source. "
        "Name a folder with: senter documents add FOLDER"
    )
