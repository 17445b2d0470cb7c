"""Results: one Markdown file for each goal, whose front matter any reader of YAML understands."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.work.report_file import Results, markdown, slug
from senter.messages.goals import Check, GoalId, GoalView, Shown, Source, Status, TaskId, TaskType, TaskView
from senter.paths import Paths

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def goal(text: str = "Research bread", *, verified: bool = True) -> GoalView:
    return GoalView(
        id=GoalId(7),
        text=text,
        priority=5,
        status=Status.COMPLETED,
        state=Shown.COMPLETED,
        progress_percent=100,
        focus="research",
        created_at=AT,
        finished_at=AT,
        executed=True,
        verified=verified,
    )


def task(number: int, *depends_on: int, checks: tuple[Check, ...] = (), error: str = "") -> TaskView:
    return TaskView(
        id=TaskId(number),
        number=number,
        description=f"Task | {number}",
        type=TaskType.RESEARCH,
        status=Status.FAILED if error else Status.COMPLETED,
        state=Shown.COMPLETED,
        depends_on=depends_on,
        checks=checks,
        error=error,
        attempts=1,
    )


def output(text: str, *sources: Source) -> TaskOutput:
    return TaskOutput(text, {}, sources, (), False)


BREAD = Source(title="Bread", address="/d/bread.md", quote="Bread.")


def test_a_report_lies_in_its_focus_named_by_number_and_words(tmp_path: Path) -> None:
    results = Results(Paths(tmp_path))
    path = results.report(goal(), [task(1), task(2, 1)], {1: output("found"), 2: output("Bread rises [1].", BREAD)})
    assert path == tmp_path / "data" / "Focuses" / "research" / "results" / "0007-research-bread.md"
    assert path.parent == results.folder("research")
    text = path.read_text()
    assert text.startswith('---\ngoal: "Research bread"\nnumber: 7\nfocus: research\n')
    assert '  - "/d/bread.md"' in text
    assert "Bread rises [1].\n\n## Sources\n\n1. Bread: `/d/bread.md`" in text
    assert "found" not in text.partition("## How")[0].partition("# Research bread")[2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert results.report(goal(), [task(1)], {1: output("again")}) == path
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_report_tells_executed_verified_and_delivered_apart() -> None:
    missed = Check(what="2 sources can be opened", held=False, found="1 opened")
    unseen = Check(what="x.md exists", held=None)
    tasks = [task(1, checks=(missed, unseen), error="It | broke")]
    text = markdown(goal(verified=False), tasks, {1: output("x")}, "A note.")
    assert "executed: true\nverified: false\ndelivered: true\n" in text
    assert "- Executed: yes, 0 of 1 tasks completed" in text
    assert "- Verified: no, 0 of 2 checks held; not: 2 sources can be opened (1 opened); x.md exists (not" in text
    assert "- Delivered: this file" in text
    assert '{what: "x.md exists", held: null, found: ""}' in text
    assert "> A note." in text
    assert "| 1 | Task / 1 |" in text
    assert "- Task 1: It | broke" in text


def test_several_last_tasks_are_sections_with_their_own_sources() -> None:
    text = markdown(goal(), [task(1), task(2)], {1: output("One [1].", BREAD), 2: output("Two.")}, "")
    assert "## Task | 1\n\nOne [1].\n\n### Sources" in text
    assert "## Task | 2\n\nTwo." in text


@given(st.text(max_size=300), st.text(max_size=80))
@settings(max_examples=150)
def test_front_matter_holds_whatever_the_goal_says(text: str, address: str) -> None:
    found = markdown(goal(text), [task(1)], {1: output("x", Source(title=address, address=address))}, text)
    _, front, _ = found.split("---\n", 2)
    lines = front.splitlines()
    assert lines[1] == "number: 7"
    assert isinstance(json.loads(lines[0].removeprefix("goal: ")), str)
    assert json.loads(lines[lines.index("sources:") + 1].removeprefix("  - ")) is not None
    assert found.encode()


@given(st.text(max_size=200))
@settings(max_examples=150)
def test_a_slug_is_a_file_name_anywhere(text: str) -> None:
    found = slug(text)
    assert 1 <= len(found) <= 48
    assert found.isascii() and not set(found) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_slugs_are_cut_between_words() -> None:
    assert slug("Résumé of the Größe!") == "resume-of-the-groe"
    assert slug("\u202e\x00") == "goal"
    assert slug("word " * 50).endswith("word")
