"""Results: one Markdown file for each goal, with front matter, below the data folder's Focuses.

The file is named by the goal's number and its words, and written all or nothing; writing it again for
the same goal replaces it. Whatever is not the report's own words is defused: opening it fetches nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from senter.component.tool_talk.defusing import addresses_in, defused
from senter.components.task_engine.contract.steps import BODY, TaskOutput
from senter.components.task_engine.permissions.taint import found_addresses
from senter.files import replacing
from senter.messages.goals import Check, GoalReply, GoalView, ResultReply, Source, TaskView
from senter.paths import Paths
from senter.quoting.citations import numbers_cited
from senter.text import one_line

NUMBERED = re.compile(r"(\d{4,9})-", re.ASCII)
LONGEST_SLUG = 48
LONGEST_TITLE = 120
LONGEST_GOAL_IN_FRONT_MATTER = 1_000
LONGEST_RESULT = 200_000
HEAD_BYTES = 16 * 1024


class Results:
    """Where the results of goals lie."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    def folder(self, focus: str) -> Path:
        return self.paths.data / "Focuses" / focus / "results"

    def path(self, goal: GoalView) -> Path:
        return self.folder(goal.focus) / f"{goal.id:04d}-{slug(goal.text)}.md"

    def last_number(self) -> int:
        """The highest number of a goal that has a result here; 0 for none."""
        files = self.paths.data.glob("Focuses/*/results/*.md")
        numbered = ((int(found[1]), file) for file in files if (found := NUMBERED.match(file.name)))
        return next((number for number, file in sorted(numbered, reverse=True) if _is_report_of(number, file)), 0)

    def report(
        self, goal: GoalView, tasks: Sequence[TaskView], outputs: Mapping[int, TaskOutput], note: str = ""
    ) -> Path:
        """Write the goal's report; `outputs` are by task number. Returns the file. Raises `OSError`."""
        path = self.path(goal)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(markdown(goal, tasks, outputs, note))
        return path


def _is_report_of(number: int, path: Path) -> bool:
    """Goals and people may put other files there."""
    try:
        with path.open("rb") as file:
            return f"\nnumber: {number}\n".encode() in file.read(HEAD_BYTES)
    except OSError:
        return False


def slug(text: str) -> str:
    """The first words of a text, fit for a file name everywhere."""
    plain = unicodedata.normalize("NFKD", text[:500]).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > LONGEST_SLUG:
        words = words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]
    return words or "goal"


def markdown(goal: GoalView, tasks: Sequence[TaskView], outputs: Mapping[int, TaskOutput], note: str) -> str:
    """The report as text."""
    last, shown, known = _last(goal, tasks, outputs)
    parts = [*_front_matter(goal, tasks, shown), "", f"# {_line(goal.text, LONGEST_TITLE, known)}", ""]
    if note:
        parts += [f"> {_line(note, 1_000, known)}", ""]
    for task, output in zip(last, shown, strict=True):
        parts += _section(task, output, known, alone=len(last) == 1)
    return "\n".join([*parts, *_how(goal, tasks, known)]) + "\n"


def result_of(reply: GoalReply, outputs: Mapping[int, TaskOutput]) -> ResultReply:
    """What a person wants to read of a goal: the report without what it says of itself."""
    last, shown, known = _last(reply.goal, reply.tasks, outputs)
    parts: list[str] = []
    for task, output in zip(last, shown, strict=True):
        is_told = len(last) == 1 or bool(output.receipts)  # what was done says itself what it was
        parts += _section(task, replace(output, files=()), known, alone=is_told)
    text = "\n".join(parts).strip()
    return ResultReply(
        goal=reply.goal,
        text=text[:LONGEST_RESULT],
        whole=len(text) <= LONGEST_RESULT,
        files=reply.goal.results[1:] if reply.goal.delivered else reply.goal.results,
        waits=reply.waits,
    )


def _last(
    goal: GoalView, tasks: Sequence[TaskView], outputs: Mapping[int, TaskOutput]
) -> tuple[list[TaskView], list[TaskOutput], set[str]]:
    """The tasks whose outputs a person reads, these, and the addresses that stay as they are in them."""
    last = [task for task in tasks if task.number in outputs and not _feeds_another(task, tasks)]
    shown = [outputs[task.number] for task in last]
    return last, shown, {*addresses_in(goal.text), *found_addresses(_all_sources(shown))}


def body(output: TaskOutput) -> str:
    """What an output hands on as text: without the notes about it, and with the sources that it cites."""
    found = output.data.get(BODY)
    text = found if isinstance(found, str) else output.text
    if not output.sources or not numbers_cited(text):
        return text
    lines = (source_line(number, source) for number, source in enumerate(output.sources, 1))
    return "\n".join([text.rstrip(), "", "Sources:", "", *lines, ""])


def _line(text: str, characters: int, known: Collection[str] = ()) -> str:
    """Others' words on one line of the report."""
    return defused(one_line(text, characters), known)


def _front_matter(goal: GoalView, tasks: Sequence[TaskView], shown: Sequence[TaskOutput]) -> Iterator[str]:
    """Strings are written as JSON, which is YAML too."""
    yield "---"
    yield f"goal: {_quoted(goal.text[:LONGEST_GOAL_IN_FRONT_MATTER])}"
    yield f"number: {goal.id}"
    yield f"focus: {goal.focus}"
    yield f"created: {goal.created_at.isoformat()}"
    if goal.finished_at:
        yield f"finished: {goal.finished_at.isoformat()}"
    yield from (f"executed: {_flag(goal.executed)}", f"verified: {_flag(goal.verified)}", "delivered: true")
    yield from _entries("sources", [_quoted(_address(source)) for source in _all_sources(shown)])
    checks = [check for task in tasks for check in task.checks]
    yield from _entries("checks", [_check(check) for check in checks])
    yield "---"


def _entries(name: str, entries: Sequence[str]) -> Iterator[str]:
    yield f"{name}:" if entries else f"{name}: []"
    yield from (f"  - {entry}" for entry in entries)


def _check(check: Check) -> str:
    held = "null" if check.held is None else _flag(check.held)
    return f"{{what: {_quoted(defused(check.what))}, held: {held}, found: {_quoted(defused(check.found))}}}"


def _section(task: TaskView, output: TaskOutput, known: Collection[str], *, alone: bool) -> Iterator[str]:
    if not alone:
        yield from (f"## {_line(task.description, LONGEST_TITLE, known)}", "")
    yield from (defused(output.text, known).strip(), "")
    if output.sources:
        yield from ("## Sources" if alone else "### Sources", "")
        yield from (source_line(number, source) for number, source in enumerate(output.sources, 1))
        yield ""
    if output.files:
        yield from ("Files:", "")
        yield from (f"- {_line(file, 1_000)}" for file in output.files)
        yield ""


def source_line(number: int, source: Source) -> str:
    """A source with its number, as texts cite it."""
    title = _line(source.title, 200, {source.address}).replace("`", "'")
    return f"{number}. {title}: `{one_line(_address(source), 1_000).replace('`', '%60')}`"


def _address(source: Source) -> str:
    """A web address as it is; anything else that a tool calls one as text."""
    return source.address if found_addresses([source]) else defused(source.address)


def _how(goal: GoalView, tasks: Sequence[TaskView], known: Collection[str]) -> Iterator[str]:
    yield from ("## How this came about", "")
    yield f"- Executed: {_executed(goal, tasks)}"
    yield f"- Verified: {_verified(goal, tasks)}"
    yield from ("- Delivered: this file", "")
    yield from ("| # | Task | Type | Tool | Status | Attempts |", "|---|---|---|---|---|---|")
    for task in tasks:
        cells = (_line(task.description, LONGEST_TITLE, known), task.type, task.tool or "-", task.status, task.attempts)
        yield f"| {task.number} | {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
    problems = [f"- Task {task.number}: {_line(task.error, 500, known)}" for task in tasks if task.error]
    if problems:
        yield from ("", *problems)


def _executed(goal: GoalView, tasks: Sequence[TaskView]) -> str:
    ended = sum(task.status == "completed" for task in tasks)
    return f"{'yes' if goal.executed else 'no'}, {ended} of {len(tasks)} tasks completed"


def _verified(goal: GoalView, tasks: Sequence[TaskView]) -> str:
    checks = [check for task in tasks for check in task.checks]
    if not checks:
        return "nothing was declared that a machine could check"
    held = sum(check.held is True for check in checks)
    line = f"{'yes' if goal.verified else 'no'}, {held} of {len(checks)} checks held"
    missed = [f"{check.what} ({check.found or 'not looked at'})" for check in checks if check.held is not True]
    if not missed:
        return line if goal.verified else f"{line}, but none looks at what the result says"
    return f"{line}; not: {_line('; '.join(missed), 500)}"


def _feeds_another(task: TaskView, tasks: Sequence[TaskView]) -> bool:
    return any(task.number in other.depends_on for other in tasks)


def _all_sources(outputs: Sequence[TaskOutput]) -> list[Source]:
    by_address = {source.address: source for output in outputs for source in output.sources}
    return list(by_address.values())


def _quoted(text: str) -> str:
    seen = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return json.dumps(seen, ensure_ascii=False)


def _flag(value: bool) -> str:
    return "true" if value else "false"
