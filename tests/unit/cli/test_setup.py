"""Three questions and no more: what each answer sets, what is asked when, and what stands when it is broken off."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from senter.paths import Paths
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

MODELS: dict[str, object] = {
    "models": [{"worker": "model_primary", "model": "some-model", "lesser": ""}],
    "missing": {},
}


CONNECTED: dict[str, object] = {
    "name": "mine",
    "kind": "file",
    "found": ["mine"],
    "can_write": True,
    "is_for_new": True,
}


@pytest.fixture
def person(cli: Cli, daemon: ScriptedDaemon, tmp_path: Path) -> Cli:
    """At a terminal of a machine with a German locale and two folders of papers."""
    daemon.routes |= {
        ("GET", "/api/documents"): Response({"folders": [], "skipped": []}),
        ("POST", "/api/documents"): Response({"folders": [], "skipped": []}),
        ("GET", "/api/models"): Response(MODELS),
        ("POST", "/api/calendars"): Response(CONNECTED),
        ("GET", "/api/calendars"): Response({"calendars": [{"name": "mine"}], "problems": []}),
    }
    for name in ("Documents", "papers"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text("x")
    (tmp_path / "mine.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    return Cli(cli.home, {"HOME": str(tmp_path), "LANG": "de_DE.UTF-8", "LC_ALL": "", "TZ": "Europe/Vienna"})


def settings_of(cli: Cli) -> dict[str, dict[str, object]]:
    return tomllib.loads(Paths(cli.home).settings.read_text())


def test_three_lines_set_everything(person: Cli, daemon: ScriptedDaemon, tmp_path: Path) -> None:
    shown = person.on_terminal("setup", typed="Anna, berlin, likes bread and maps\n2, ~/Documents\n1\n")
    assert shown.count("/3 ") == 3
    user = {"name": "Anna", "timezone": "Europe/Berlin", "language": "de", "interests": ["bread", "maps"]}
    assert settings_of(person)["user"] == user
    added = [body for method, path, body in daemon.requests if (method, path) == ("POST", "/api/documents")]
    assert added == [{"path": str(tmp_path / "papers")}, {"path": str(tmp_path / "Documents")}]
    assert "Connected" in shown.partition("3/3")[2]
    assert "some-model" in shown
    assert "senter models" in shown
    assert "senter config set" in shown


def test_enter_takes_what_the_machine_says_of_the_person_and_adds_nothing(person: Cli, daemon: ScriptedDaemon) -> None:
    person.on_terminal("setup", typed="\n\n\n")
    assert settings_of(person)["user"]["timezone"] == "Europe/Vienna"
    assert not [method for method, _, _ in daemon.requests if method == "POST"]
    assert "task_engine" not in settings_of(person)


def test_a_wrong_answer_is_said_and_asked_again_and_enter_always_goes_on(person: Cli) -> None:
    shown = person.on_terminal("setup", typed="Anna, Atlantis\nAnna, Oslo\n~/none\n\n\n")
    assert shown.count("1/3") == shown.count("2/3") == 2 * shown.count("3/3")
    assert settings_of(person)["user"]["timezone"] == "Europe/Oslo"


def test_what_is_connected_is_not_proposed_and_a_word_skips(
    person: Cli, daemon: ScriptedDaemon, tmp_path: Path
) -> None:
    place = Paths(person.home).settings
    place.write_text(f'[task_engine.calendars]\nmine = {{ file = "{tmp_path / "mine.ics"}" }}\n')
    shown = person.on_terminal("setup", typed="Anna, Oslo, Norwegian trains, German\nnone\nno\n")
    assert "mine.ics" not in shown
    assert not [method for method, _, _ in daemon.requests if method == "POST"]
    user = settings_of(person)["user"]
    assert (user["interests"], user["language"]) == (["Norwegian trains"], "de")


def test_options_answer_for_scripts(person: Cli, tmp_path: Path) -> None:
    done = person.run(
        "setup",
        "--name",
        "Bea",
        "--timezone",
        "tokyo",
        "--folder",
        str(tmp_path / "papers"),
        "--interests",
        "tea",
        "--json",
    )
    assert json.loads(done.stdout) == {
        "user": {"name": "Bea", "interests": ["tea"], "timezone": "Asia/Tokyo", "language": ""},
        "folders": [str(tmp_path / "papers")],
        "calendar": None,
        "model": "some-model",
        "settings": str(Paths(person.home).settings),
    }
    person.run("setup", "--yes")
    assert settings_of(person)["user"] == {
        "name": "Bea",
        "timezone": "Asia/Tokyo",
        "interests": ["tea"],
        "language": "de",
    }


def test_in_a_pipe_nothing_is_asked(person: Cli) -> None:
    assert person.refused("setup") == (2, "wrong_use")
    assert person.refused("setup", "--timezone", "Atlantis") == (2, "invalid_input")
    assert person.refused("setup", "--language", "Klingon") == (2, "invalid_input")
    assert not Paths(person.home).settings.exists()


def test_what_was_answered_is_kept_when_it_is_broken_off(person: Cli) -> None:
    shown = person.typing_after(
        "2/3 Folders to read, such as 1, ~/papers [none]: ", "\x04", "setup", first="Anna, Oslo\n", code=130
    )
    assert "Kept: your name and time zone." in shown
    assert settings_of(person)["user"]["name"] == "Anna"
