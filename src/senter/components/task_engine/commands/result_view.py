"""What came of a goal, on the screen: its text, its files, or how far it is."""

from __future__ import annotations

from senter.client.types import ResultReply
from senter.components.task_engine.commands import goal_view
from senter.terminal import output

RESULT = "/api/result"
MOST_LINES = 60
MOST_FILES = 20
DONE = frozenset({"completed", "please_look"})


def show_result(found: ResultReply) -> None:
    """The whole result of a goal; of one that is not done, how far it is."""
    goal = found["goal"]
    if goal["status"] not in DONE:
        _say_how_far(found)
    if found["text"]:
        output.print_markdown(_whole(found))
    elif goal["status"] in DONE and not found["files"]:
        output.note(f"Goal {goal['id']} is done and has no text.")
    _show_files(found["files"])
    for waits in found["waits"]:
        output.note(output.one_line(waits))


def show_beginning(found: ResultReply) -> None:
    """The result of a goal; of a long one the beginning, and where the rest is."""
    lines = found["text"].splitlines()
    is_short = found["whole"] and len(lines) <= MOST_LINES
    if lines:
        output.print_markdown(found["text"] if is_short else _cut(lines[:MOST_LINES], found))
    _show_files(found["files"])


def _whole(found: ResultReply) -> str:
    return found["text"] if found["whole"] else _cut(found["text"].splitlines(), found)


def _cut(lines: list[str], found: ResultReply) -> str:
    results = found["goal"]["results"]
    where = output.one_line(results[0]) if results else f"senter result {found['goal']['id']}"
    return "\n".join([*lines, "", f"... the whole of it: `{where}`"])


def _say_how_far(found: ResultReply) -> None:
    goal = found["goal"]
    percent = "" if goal["finished_at"] else f", {goal['progress_percent']} %"
    why = f": {output.one_line(goal['error'])}" if goal["error"] else ""
    output.note(f"Goal {goal['id']} is not done: {goal_view.state_in_words(goal)}{percent}{why}")
    if not goal["finished_at"]:
        output.note(f"See it go on: senter goal show {goal['id']} --follow")


def _show_files(files: list[str]) -> None:
    if not files:
        return
    output.say(f"Files ({len(files):,}):")
    for path in files[:MOST_FILES]:
        output.say(f"  {output.one_line(path)}")
    if len(files) > MOST_FILES:
        output.say(f"  ... and {len(files) - MOST_FILES:,} more")
