"""What it costs to plan by rules where they cannot stop the engine: a short goal in the engine, a long one in a child.

The child is asked for the first time, and again and again; no daemon and no model is involved.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import AsyncExitStack

from measuring.costs import pss_mib
from measuring.report import Report, run_figure
from senter.components.task_engine.offline.door import LONGEST_HERE, RulesApart, planning_child

TOOLS = ("documents_search", "web_search", "file_list", "file_sort", "note", "remind", "email_draft")
SHORT = "Research sourdough bread and write an email to ann@example.org about it"
LONG = SHORT + ". " + "What I know so far is that it takes time. " * (2 * LONGEST_HERE // 42)
MUST_REACH_MS = 100


async def measured(report: Report, runs: int) -> None:
    short, again, first, memory = list[float](), list[float](), list[float](), list[float]()
    for _ in range(max(runs // 10, 1)):
        async with AsyncExitStack() as stack:
            child = await stack.enter_async_context(planning_child())
            rules = RulesApart(child)
            first.append(await timed(rules, LONG))
            again += [await timed(rules, LONG) for _ in range(10)]
            short += [await timed(rules, SHORT) for _ in range(10)]
            assert child.pid is not None
            memory.append(pss_mib(child.pid))
    report.measured("a short goal, in the engine", short)
    report.measured("a long goal, in the child", again)
    report.measured("the first long goal, with the start of the child", first)
    report.measured("memory of the child", memory, "MiB")
    report.at_most("a short goal, median", sorted(short)[len(short) // 2], MUST_REACH_MS, "ms")
    report.at_most("a long goal, median", sorted(again)[len(again) // 2], MUST_REACH_MS, "ms")


async def timed(rules: RulesApart, text: str) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await rules.plan(text, TOOLS, ())
    return (time.perf_counter() - began) * 1_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=100)
    runs: int = options.parse_args().runs

    def figure() -> Report:
        report = Report("planning", "Planning by rules: a short goal in the engine, a long one in a child.")
        asyncio.run(measured(report, runs))
        return report

    run_figure(figure, limit_seconds=120)


if __name__ == "__main__":
    main()
