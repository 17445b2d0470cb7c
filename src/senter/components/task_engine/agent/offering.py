"""Which tools a model is told about, and in whose words: Senter's own plainly, those of others between marks.

What a foreign tool says of itself can steer whoever reads it, so one that cannot be called without asking is not told
of, unless the goal names it; and what a model decides with such words in view counts as read from outside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import BaseModel

from senter.component.tool_talk.outside_text import wrapped
from senter.components.task_engine.agent.argument_schemas import argument_lines, argument_schema
from senter.components.task_engine.contract.tool import Tool
from senter.components.task_engine.permissions.decide import outside
from senter.messages.goals import Grant
from senter.messages.model import OfferedTool
from senter.text import one_line

MOST_TOOLS = 40
LONGEST_DESCRIPTION = 200
LONGEST_NAME = 64
MOST_LINES = 12
# Whether a grant has ended is the steps' business; here it would make a task go another way when it is resumed.
ANY_TIME = datetime.max.replace(tzinfo=UTC)
_ORIGIN = "what tools of others say of themselves"


def offered(tools: Iterable[Tool[BaseModel]], grant: Grant, goal: str) -> list[Tool[BaseModel]]:
    """Senter's own first, then those of others that the grant allows or the goal names; not too many."""
    lasting = grant.model_copy(update={"expires_at": None})
    usable = [tool for tool in tools if tool.offered and not tool.unavailable()]
    own = [tool for tool in usable if tool.owner is None]
    others = [tool for tool in usable if tool.owner and not outside(lasting, (tool.owner,), ANY_TIME)]
    named = [
        tool for tool in usable if tool.owner and tool not in others and _names(goal, (tool.name, tool.owner.name))
    ]
    return [*own, *named, *others][:MOST_TOOLS]


def foreign(tools: Iterable[Tool[BaseModel]]) -> list[Tool[BaseModel]]:
    """Those whose descriptions others wrote."""
    return [tool for tool in tools if tool.owner is not None]


def by_shown_name(tools: Iterable[Tool[BaseModel]]) -> dict[str, Tool[BaseModel]]:
    """Tools by names that every server takes: letters, digits, `_` and `-`, at most 64."""
    named: dict[str, Tool[BaseModel]] = {}
    for tool in tools:
        plain = re.sub(r"[^A-Za-z0-9_-]", "_", tool.name)[:LONGEST_NAME]
        name, number = plain, 1
        while name in named:
            number += 1
            name = f"{plain[: LONGEST_NAME - 4]}_{number}"
        named[name] = tool
    return named


def callable_tools(named: Mapping[str, Tool[BaseModel]]) -> tuple[OfferedTool, ...]:
    """The tools as a model may call them."""
    return tuple(
        OfferedTool(name=name, description=_said_of(tool), parameters=argument_schema(tool))
        for name, tool in named.items()
    )


def examples(named: Mapping[str, Tool[BaseModel]]) -> str:
    """What a person may say, and how it is called then."""
    lines = [
        f'- "{example.request}": {name} {json.dumps(example.arguments)}'
        for name, tool in named.items()
        if tool.owner is None
        for example in tool.examples
    ]
    return "\n".join(lines)


def described(tools: Sequence[Tool[BaseModel]]) -> str:
    """The tools as a model reads of them."""
    own = [tool_lines(tool) for tool in tools if tool.owner is None]
    others = [tool_lines(tool) for tool in foreign(tools)]
    return "\n".join([*own, wrapped("\n".join(others), _ORIGIN)] if others else own)


def tool_line(tool: Tool[BaseModel]) -> str:
    """One of Senter's own tools on one line, for a model that reads little."""
    return f"- {tool.name}: {_own_words(tool)}"


def tool_lines(tool: Tool[BaseModel]) -> str:
    """A tool on one line, and each of its arguments on one."""
    return "\n".join([f"- {tool.name}: {_own_words(tool)}", *(f"    {line}" for line in _lines(tool))])


def _said_of(tool: Tool[BaseModel]) -> str:
    if tool.owner is None:
        return _own_words(tool)
    return wrapped("\n".join([_own_words(tool), *_lines(tool)]), _ORIGIN)


def _own_words(tool: Tool[BaseModel]) -> str:
    return one_line(tool.description, LONGEST_DESCRIPTION)


def _lines(tool: Tool[BaseModel]) -> Iterator[str]:
    for number, line in enumerate(argument_lines(tool)):
        if number < MOST_LINES:
            yield one_line(line, LONGEST_DESCRIPTION)


def _names(goal: str, names: Iterable[str]) -> bool:
    """Whether one of the names stands in the goal, by itself."""
    return any(re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", goal, re.IGNORECASE) for name in names)
