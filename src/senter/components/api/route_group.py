"""Groups of routes that go into the application as they are.

A router that is included has each of its routes analysed a second time, by the first request that comes; so what all
routes share is given to each group instead.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends

from senter.components.api.problems import Problem
from senter.components.api.requests import refuse_unknown

Responses = dict[int | str, dict[str, object]]

FAILURES: Final[Responses] = {
    "default": {
        "description": "What went wrong.",
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }
}


def route_group(tag: str, prefix: str = "", failures: Responses = FAILURES) -> APIRouter:
    """Takes routes under one tag, which refuse what they do not know and tell `failures` on their page."""
    return APIRouter(prefix=prefix, tags=[tag], responses=failures, dependencies=[Depends(refuse_unknown)])
