"""Settings that stand in one place: an old key still counts and is told, and a shared fact is nobody else's to set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from senter.components.specs import SPECS, find_spec
from senter.errors import SettingsError
from senter.paths import Paths
from senter.settings import Settings, load
from senter.settings.places import PlaceOrNone, PlaceSetting
from senter.settings.shared import TakenFrom, taken
from senter.supervisor.configuration import CORE_SECTIONS, MOVED, Configuration, read_settings, sections
from senter.supervisor.settings import UserSettings


class Person(BaseModel):
    """Who it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    zone: str = Field(default="", max_length=20)
    """Where they live."""


class Clock(BaseModel):
    """What shows the time."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    hour: int = 1
    """When it strikes."""
    zone: Annotated[str, TakenFrom("person.zone")] = ""
    """In which zone."""


SECTIONS = {"person": Person, "clock": Clock}
KEYS = {"clock.zone": "person.zone", "lamp.zone": "person.zone"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def read(file: Path, text: str, environment: dict[str, str] | None = None) -> Settings:
    file.write_text(text)
    return load(file, SECTIONS, environment or {}, KEYS)


def test_an_old_key_counts_and_its_line_is_told(file: Path) -> None:
    found = read(file, "[clock]\nhour = 3\nzone = 'Asia/Tokyo'\n")
    assert found.section("person", Person).zone == "Asia/Tokyo"
    assert found.section("clock", Clock).hour == 3
    assert found.moved.notices == [f"{file}:3: clock.zone is now person.zone: write it there."]
    assert found.source_of("person.zone") == f"{file}:3"


def test_what_stands_under_the_new_key_goes_before_and_the_first_old_one_before_the_others(file: Path) -> None:
    found = read(file, "clock.zone = 'a'\nperson.zone = 'b'\n")
    assert found.section("person", Person).zone == "b"
    assert found.moved.notices == [f"{file}:1: clock.zone is not used: person.zone is. Take the line out."]
    found = read(file, "[lamp]\nzone = 'a'\n[clock]\nhour = 2\nzone = 'b'\n")
    assert found.section("person", Person).zone == "b"
    assert [notice.partition(": ")[0] for notice in found.moved.notices] == [f"{file}:5", f"{file}:2"]


def test_an_old_variable_counts_and_the_new_one_goes_before_it(file: Path) -> None:
    old = {"SENTER_CLOCK__ZONE": "a"}
    assert read(file, "person.zone = 'x'\n", old).section("person", Person).zone == "a"
    both = read(file, "", {**old, "SENTER_PERSON__ZONE": "b"})
    assert both.section("person", Person).zone == "b"
    assert both.moved.notices == ["SENTER_CLOCK__ZONE: clock.zone is now person.zone."]


def test_a_wrong_value_under_an_old_key_is_named_where_it_stands(file: Path) -> None:
    with pytest.raises(SettingsError, match=rf"{file}:2: person.zone: expected text"):
        read(file, "[clock]\nzone = 5\n")


def test_a_new_table_that_is_none_is_said_as_ever(file: Path) -> None:
    with pytest.raises(SettingsError, match="person is a section"):
        read(file, "person = 5\n[clock]\nzone = 'a'\n")


def test_a_shared_fact_is_set_in_its_own_place_only(file: Path) -> None:
    file.write_text("[clock]\nzone = 'a'\n")
    with pytest.raises(SettingsError, match=r":2: clock.zone is not set by itself: set person.zone\."):
        load(file, SECTIONS, {})
    with pytest.raises(SettingsError, match=r"^SENTER_CLOCK__ZONE: clock.zone is not set by itself"):
        load(file.with_name("none"), SECTIONS, {"SENTER_CLOCK__ZONE": "a"})
    assert "clock.zone" not in {entry.key for entry in load(file.with_name("none"), SECTIONS, {}).entries()}


def test_every_key_that_moved_leads_to_a_setting_and_every_taken_one_to_one_of_its_type() -> None:
    known = sections(SPECS)
    for key in (*MOVED.values(), *(key for kind in known.values() for key in taken(kind).values())):
        section, _, name = key.rpartition(".")
        assert name in known[section].model_fields, key
    assert not [name for name, kind in CORE_SECTIONS.items() if taken(kind)]


def test_every_component_that_needs_the_zone_is_handed_the_users(file: Path) -> None:
    file.write_text('[user]\ntimezone = "Asia/Tokyo"\nname = "Anna"\ninterests = ["bread"]\n')
    configuration = Configuration.read(Paths(file.parent))
    zones = {spec.name for spec in SPECS if configuration.given(spec).get("timezone") == "Asia/Tokyo"}
    assert zones == {"assistant", "model_primary", "model_research", "reporter", "scheduler", "task_engine"}
    assert configuration.given(find_spec("assistant"))["user_name"] == "Anna"
    assert configuration.given(find_spec("scheduler"))["interests"] == ["bread"]


def test_a_file_of_an_earlier_version_is_read(file: Path) -> None:
    file.write_text('[scheduler]\ntimezone = "Asia/Tokyo"\n[assistant]\nuser_name = "Anna"\n')
    found = read_settings(file)
    user = found.section("user", UserSettings)
    assert (user.timezone, user.name) == ("Asia/Tokyo", "Anna")
    assert len(found.moved.notices) == 2


class Places(BaseModel):
    """Where things lie."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    file: PlaceSetting | None = None
    """A file."""
    folder: PlaceOrNone = ""
    """A folder."""


def test_a_tilde_is_the_home_in_every_place(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    file.write_text("[places]\nfile = '~/cal.ics'\n")
    found = load(file, {"places": Places}, {"SENTER_PLACES__FOLDER": "~"}).section("places", Places)
    assert (found.file, found.folder) == (Path("/home/anna/cal.ics"), "/home/anna")
    file.write_text("[places]\nfile = '~nobody-here/cal.ics'\n")
    with pytest.raises(SettingsError, match=r"settings.toml:2: places.file: there is no home for ~nobody-here"):
        load(file, {"places": Places}, {})


def test_the_calendar_of_the_settings_may_be_named_from_the_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    monkeypatch.delenv("SENTER_MODELS__FOLDER", raising=False)
    file.write_text("[task_engine]\ncalendar_file = '~/cal.ics'\n[models]\nfolder = '~/models'\n")
    found = Configuration.read(Paths(file.parent))
    assert found.given(find_spec("task_engine"))["calendar_file"] == "/home/anna/cal.ics"
    assert found.given(find_spec("model_primary"))["folder"] == "/home/anna/models"
