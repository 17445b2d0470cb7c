"""`senter understand` shows what would be done, with a daemon or without one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

NOW = ("--now", "2026-11-30T10:00:00+01:00[Europe/Berlin]")


def test_acts_are_shown_with_their_moments_in_full_without_a_daemon(cli: Cli) -> None:
    shown = cli.run("understand", "Remind me every Sunday at 10 to call mom", *NOW).stdout
    assert shown == "reminder · call mom · every Sunday at 10:00, next Sun 6 Dec 2026, 10:00, Europe/Berlin\n"


def test_what_would_be_asked_is_shown_with_its_choices(cli: Cli) -> None:
    lines = cli.run("understand", "Remind me to buy milk", *NOW).stdout.splitlines()
    assert lines[1] == "Would ask: When shall I remind you: buy milk?"
    assert [line[:3] for line in lines[2:]] == ["  1", "  2", "  3"]


def test_json_is_the_whole_of_it(cli: Cli) -> None:
    found = json.loads(cli.run("understand", "--json", "cancel everything", *NOW).stdout)
    assert found["acts"][0]["kind"] == "change"
    assert found["question"]["lacks"] == "consent"
    assert found["zone"] == "Europe/Berlin"


def test_what_is_left_open_is_said_to_be(cli: Cli) -> None:
    shown = cli.run("understand", "Who is Quennell?", *NOW).stdout
    assert shown == "question about mine, if my things speak of it, else about the world · Quennell\n"


def test_a_daemon_is_asked_because_it_knows_what_exists(cli: Cli, daemon: ScriptedDaemon) -> None:
    act = {"kind": "change", "gist": "dentist", "due": None, "end": None, "recurrence": None, "zone": "", "place": ""}
    thing = {"kind": "event", "id": "d1", "title": "Dentist"}
    acts = [act | {"subject": None, "subject_is_open": False, "change": "cancel", "things": [thing]}]
    daemon.routes["POST", "/api/understand"] = Response({"acts": acts, "question": None, "zone": "Europe/Berlin"})
    assert cli.run("understand", "cancel the dentist").stdout == "change cancel · dentist · event d1: Dentist\n"


def test_a_batch_is_json_lines_and_bad_lines_make_it_fail(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "sentences.jsonl"
    file.write_text('{"id": 1, "text": "undo", "now": "2026-11-30T10:00:00Z"}\nnonsense\n', encoding="utf-8")
    done = cli.run("understand", "--batch", str(file))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [row["id"] for row in rows]) == (1, [1, None])
    assert rows[0]["acts"][0]["kind"] == "undo"
    assert rows[1]["error"].startswith("Cannot read the line as JSON.")


def test_wrong_use_is_refused_with_what_to_do(cli: Cli, tmp_path: Path) -> None:
    assert cli.refused("understand", "x", "--batch", "y")[0] == 2
    assert cli.refused("understand", "--batch", str(tmp_path / "none"))[0] == 2
    assert cli.refused("understand", "x", "--now", "soon")[0] == 2
    assert cli.refused("understand", "x", *NOW, "--zone", "Mars/Olympus")[0] == 2
