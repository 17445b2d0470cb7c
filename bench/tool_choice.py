"""How often an embedded model chooses the right tool with the right arguments, in sixty requests in plain words.

Each is asked as the planner asks for one call, with all of Senter's own tools, at temperature 0; what comes is held
against what is right, every argument as the tool itself reads it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import cast

import structlog
from pydantic import JsonValue

from cases.tool_calls import ASKED_AT, CASES, DEVELOPMENT, HOME, ZONE, ToolCase
from measuring.brains import BRAIN, FLOOR, AskModel, asked, options, research_settings
from measuring.report import Report, run_figure
from senter.components.models.settings import ResearchSettings
from senter.components.models.spec import RESEARCH
from senter.components.task_engine.agent.one_call import choice_request, chosen, said_arguments
from senter.components.task_engine.agent.situation import situation
from senter.components.task_engine.contract.call_arguments import argument_problems
from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.registry import Registry
from senter.messages.goals import Grant

MUST_REACH = 0.85
GRANT = Grant(
    read_roots=(f"{HOME}/Documents", f"{HOME}/Downloads"), write_roots=(f"{HOME}/Documents",), providers=("documents",)
)


def main() -> None:
    parser = options(__doc__, FLOOR, BRAIN)
    parser.add_argument("--development", action="store_true", help="the cases that prompts are tried on")
    chosen = parser.parse_args()
    cases = (DEVELOPMENT if chosen.development else CASES)[chosen.first - 1 :][: chosen.cases]
    models: list[str] = chosen.model or [FLOOR, BRAIN]

    def figure() -> Report:
        report = Report("tool_choice", "share of requests for which the right tool is called with the right arguments")
        for model in models:
            asyncio.run(_measure(report, model, research_settings(model, chosen), cases, show=chosen.show))
        return report

    run_figure(figure, limit_seconds=3_600)


async def _measure(
    report: Report, model: str, settings: ResearchSettings, cases: tuple[ToolCase, ...], *, show: bool
) -> None:
    async with AsyncExitStack() as stack:
        engine = TaskEngineSettings(ddgs=True, timezone=ZONE.key)
        tools = await stack.enter_async_context(Registry.open(engine, structlog.stdlib.get_logger("bench")))
        ask = await stack.enter_async_context(asked(RESEARCH, settings))
        right = [await _is_right(case, tools, ask, show=show) for case in cases]
    share = sum(right) / len(right)
    report.single(model, share, "right")
    if model == BRAIN:
        report.at_least(f"right calls of {model}", share, MUST_REACH)


async def _is_right(case: ToolCase, tools: Registry, ask: AskModel, *, show: bool) -> bool:
    offered = {name: tools.get(name) for name in sorted(tools.names()) if not tools.get(name).unavailable()}
    answer = await ask(choice_request(case.text, offered, situation(ASKED_AT, ZONE, GRANT)))
    name, given = chosen(answer.text)
    arguments = said_arguments(case.text, given)
    right = name == case.tool and (not name or _fits(case, tools, arguments))
    if show:
        sys.stderr.write(f"{'+' if right else '-'} {case.text} {name} {dict(arguments)}\n")
    return right


def _fits(case: ToolCase, tools: Registry, arguments: Mapping[str, JsonValue]) -> bool:
    """Whether the arguments are right, and those that the request says nothing about are as they are by default."""
    model = tools.get(case.tool).arguments
    if argument_problems(tools.get(case.tool), arguments):
        return False
    given = model.model_validate(dict(arguments)).model_dump(mode="json")
    usual = {name: _as_json(field.get_default(call_default_factory=True)) for name, field in model.model_fields.items()}
    said = all(is_right(given.get(name)) for name, is_right in case.arguments.items())
    return said and all(given[name] == usual[name] for name in given.keys() - case.arguments.keys())


def _as_json(value: object) -> JsonValue:
    return [*map(_as_json, cast("tuple[object, ...]", value))] if isinstance(value, tuple) else cast("JsonValue", value)


if __name__ == "__main__":
    main()
