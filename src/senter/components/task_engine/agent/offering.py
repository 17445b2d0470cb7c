"""Which tools a model is told about, and in whose words: Senter's own plainly, those of others between marks.

What a foreign tool says of itself can steer whoever reads it, so one that cannot be called without asking is not told
of, unless the goal names it; and what a model decides with such words in view counts as read from outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pydantic import BaseModel

from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.permissions.decide import outside
from senter.components.task_engine.permissions.taint import wrapped
from senter.messages.goals import Grant
from senter.text import one_line

MOST_TOOLS = 40
LONGEST_ARGUMENTS = 500
LONGEST_DESCRIPTION = 200
# Whether a grant has ended is the steps' business; here it would make a task go another way when it is resumed.
ANY_TIME = datetime.max.replace(tzinfo=UTC)
_ORIGIN = "what tools of others say of themselves"


def offered(tools: Iterable[Tool[BaseModel]], grant: Grant, goal: str) -> list[Tool[BaseModel]]:
    """Senter's own first, then those of others that the grant allows or the goal names; not too many."""
    lasting = grant.model_copy(update={"expires_at": None})
    usable = [tool for tool in tools if not tool.unavailable()]
    own = [tool for tool in usable if tool.owner is None]
    others = [tool for tool in usable if tool.owner and not outside(lasting, (tool.owner,), ANY_TIME)]
    named = [
        tool for tool in usable if tool.owner and tool not in others and _names(goal, (tool.name, tool.owner.name))
    ]
    return [*own, *named, *others][:MOST_TOOLS]


def foreign(tools: Iterable[Tool[BaseModel]]) -> list[Tool[BaseModel]]:
    """Those whose descriptions others wrote."""
    return [tool for tool in tools if tool.owner is not None]


def described(tools: Sequence[Tool[BaseModel]]) -> str:
    """The tools as they are described to models."""
    own = [tool_line(tool) for tool in tools if tool.owner is None]
    others = [tool_line(tool) for tool in foreign(tools)]
    return "\n".join([*own, wrapped("\n".join(others), _ORIGIN)] if others else own)


def tool_line(tool: Tool[BaseModel]) -> str:
    """A tool on one line."""
    schema = tool.schema()
    required, known = schema.get("required"), schema.get("properties")
    needed = required if isinstance(required, list) else []
    names = list(known) if isinstance(known, dict) else []
    arguments = ", ".join(name if name in needed else f"{name}?" for name in names)
    described = one_line(tool.description, LONGEST_DESCRIPTION)
    return f"- {tool.name}({arguments[:LONGEST_ARGUMENTS]}): {described}"


def _names(goal: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in the goal, by itself."""
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", goal, re.IGNORECASE) for name in names)
