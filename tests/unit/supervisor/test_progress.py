"""How the start is told, to a process that waits and to people."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from senter.errors import StartError
from senter.supervisor.launch import StartLine, start_line_text
from senter.supervisor.progress import STEPS, Progress, TextWriter
from tests.support.supervision import ENVIRONMENT

SPEAKS = """
from senter.supervisor.progress import JsonWriter, Progress
import sys
progress = Progress(JsonWriter())
print("somebody else's words")
progress.begin()
for _ in range(2000):
    progress.ok("x" * 100)
progress.done(1)
print("the end", file=sys.stderr)
"""


def told(progress_lines: list[StartLine]) -> list[str]:
    texts: list[str] = []
    step = 0
    for line in progress_lines:
        texts += start_line_text(line, before=step)
        step = line.get("step", step)
    return texts


def test_a_step_is_numbered_once_and_its_findings_follow() -> None:
    lines: list[StartLine] = []
    progress = Progress(lines.append)
    progress.begin()
    progress.ok("well")
    progress.warn("hm", "do this")
    progress.done(5)
    assert told(lines) == [
        f"[1/{len(STEPS)}] {STEPS[0]}",
        "  [OK] well",
        "  [WARN] hm",
        "       do this",
        "Started with 1 warning",
    ]


def test_what_was_warned_of_is_known_in_later_steps() -> None:
    progress = Progress(list[StartLine]().append)
    progress.begin()
    progress.warn("model_primary: no model")
    progress.begin()
    assert progress.warned_of("model_primary")
    assert not progress.warned_of("model")


def test_a_start_without_warnings_ends_with_all_systems_operational() -> None:
    lines: list[StartLine] = []
    Progress(lines.append).done(5)
    assert told(lines) == ["All systems operational"]


def test_a_failure_names_its_step_and_ends_with_its_code() -> None:
    lines: list[StartLine] = []
    progress = Progress(lines.append)
    progress.begin()
    progress.begin()
    progress.failed(StartError("It is locked.", "Wait."))
    assert (lines[0].get("step"), lines[0].get("status")) == (2, "fail")
    assert lines[1] == {"failed": True, "code": "start_failed", "text": "It is locked.", "hint": "Wait."}


def test_lines_for_people_are_written_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(TextWriter())
    progress.begin()
    progress.ok("one")
    progress.ok("two")
    assert capsys.readouterr().out == f"[1/{len(STEPS)}] {STEPS[0]}\n  [OK] one\n  [OK] two\n"


@pytest.mark.process
def test_only_progress_reaches_the_process_that_waits() -> None:
    done = subprocess.run([sys.executable, "-c", SPEAKS], env=ENVIRONMENT, capture_output=True, check=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 2001
    assert lines[-1]["done"]
    assert "somebody else's words" in done.stderr


@pytest.mark.process
def test_a_process_that_no_longer_waits_does_not_end_the_start() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SPEAKS], env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as speaking:
        assert speaking.stdout is not None
        assert speaking.stderr is not None
        speaking.stdout.close()
        assert speaking.stderr.read().endswith("the end\n")
    assert speaking.returncode == 0
