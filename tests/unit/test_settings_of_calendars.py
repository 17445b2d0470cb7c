"""Calendars in the settings: written and taken out as one line each, places with ~, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import SettingsError
from senter.settings import load
from senter.settings.editing import write_value

SECTIONS = {"task_engine": TaskEngineSettings}
KEY = "task_engine.calendars"


def loaded(path: Path) -> TaskEngineSettings:
    return load(path, SECTIONS, {}).section("task_engine", TaskEngineSettings)


def test_one_is_written_beside_others_and_taken_out_again(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        '# mine\n[task_engine]\nattempts = 4\n\n[task_engine.calendars]\nwork = { file = "/a.ics" } # keep\n'
    )
    before = path.read_text()
    write_value(path, f"{KEY}.home", {"caldav": "https://example.org", "user": "ann", "password": "p"})
    assert set(loaded(path).calendars) == {"work", "home"}
    write_value(path, f"{KEY}.home", None)
    assert path.read_text() == before
    write_value(path, f"{KEY}.work", None)
    assert loaded(path).calendars == {}
    assert loaded(path).attempts == 4


def test_no_main_calendar_may_be_written_as_an_empty_text(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[task_engine]\ncalendar_file = ""\n')
    assert loaded(path).calendar_file is None


@pytest.mark.parametrize("line", ['calendar_file = "~/cal.ics"', 'calendars.work.file = "~/cal.ics"'])
def test_the_home_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    path = tmp_path / "settings.toml"
    path.write_text(f"[task_engine]\n{line}\n")
    found = loaded(path)
    assert Path("/home/ann/cal.ics") in (found.calendar_file, *(one.file for one in found.calendars.values()))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{ }", "say one of file, address and caldav"),
        ('{ file = "/a.ics", address = "https://example.org/a.ics" }', "say one of file, address and caldav"),
        ('{ file = "/a.ics", refresh_minutes = 1 }', "work.refresh_minutes: expected a whole number from 5 to 10080"),
        ('{ fil = "/a.ics" }', "work.fil is not a setting of Senter. Did you mean file?"),
        ('{ file = "/a.ics" }\n"A b" = { file = "/b.ics" }', "calendars.A b: choose another name; it has to match"),
        ('{ file = "~nobody-of-that-name/a.ics" }', "home"),
    ],
)
def test_what_is_no_calendar_is_named_and_no_secret_is_shown(tmp_path: Path, said: str, words: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'[task_engine.calendars]\nwork = {said}\nhome = {{ caldav = 5, password = "hunter2" }}\n')
    with pytest.raises(SettingsError, match=words) as failure:
        loaded(path)
    assert "hunter2" not in failure.value.message
