"""Settings: defaults, file and environment put together, and one helpful sentence for every mistake."""

from __future__ import annotations

import json
import stat
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from senter.errors import SenterError, SettingsError
from senter.settings import load, merge, render_defaults, write_defaults
from senter.settings.document import TomlTable, key_lines
from senter.settings.rendering import default_of, toml_value
from senter.settings.secret import SecretAddress


class Speed(StrEnum):
    SLOW = "slow"
    FAST = "fast"


class Inner(BaseModel):
    """A table within a section."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    depth: int = 1
    """How deep."""


class Front(BaseModel):
    """The front door."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    port: int = Field(default=8765, ge=0, le=65535)
    """The port; 0 picks a free one."""
    open: bool = True
    """Whether anybody may come in."""
    speed: Speed = Speed.FAST
    """How fast."""
    greeting: Literal["hello", "welcome"] = "hello"
    """What is said first."""
    hosts: list[str] = []
    """Who may come."""
    folder: Path | None = None
    """Where things lie."""
    inner: Inner = Inner()
    """More."""
    rooms: dict[str, Inner] = {}
    """Several, by name."""

    @field_validator("hosts")
    @classmethod
    def _no_stars(cls, hosts: list[str]) -> list[str]:
        if "*" in hosts:
            raise ValueError("a star is too wide, name the hosts")
        return hosts

    @model_validator(mode="after")
    def _closed_has_no_hosts(self) -> Front:
        if not self.open and self.hosts:
            raise ValueError("a closed door has no hosts")
        return self


class Model(BaseModel):
    """A model."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    url: str | None = None
    """Where it is."""
    name: str = ""
    """What it is called."""
    api_key: SecretStr = SecretStr("")
    """What opens it."""
    address: SecretAddress = SecretAddress("")
    """Where it is, and who comes."""
    temperature: float = Field(default=0.7, ge=0, le=2)
    """How free it is."""


SECTIONS: Mapping[str, type[BaseModel]] = {"front": Front, "models.primary": Model, "models.research": Model}


def problems_of(path: Path, text: str | bytes, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError) as caught:
        load(path, SECTIONS, environment or {})
    assert caught.value.hint
    return caught.value.problems


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_a_missing_file_gives_every_default(path: Path) -> None:
    settings = load(path, SECTIONS, {})
    assert settings.section("front", Front) == Front()
    assert settings.section("front", Front).model_fields_set == set()
    assert settings.source_of("front.port") == "default"


def test_the_file_changes_only_what_it_names(path: Path) -> None:
    path.write_text('[front]\nspeed = "slow"\n\n[front.inner]\ndepth = 3\n')
    front = load(path, SECTIONS, {}).section("front", Front)
    assert (front.speed, front.inner.depth, front.port) == (Speed.SLOW, 3, 8765)
    assert front.model_fields_set == {"speed", "inner"}


def test_the_environment_goes_before_the_file_and_the_sources_say_so(path: Path) -> None:
    path.write_text('# mine\n[front]\nport = 1\nhosts = [\n  "a",\n]\nopen = true\n')
    settings = load(path, SECTIONS, {"SENTER_FRONT__PORT": "2", "SENTER_FRONT__INNER__DEPTH": "9"})
    front = settings.section("front", Front)
    assert (front.port, front.inner.depth) == (2, 9)
    assert front.model_fields_set == {"port", "hosts", "open", "inner"}
    assert settings.source_of("front.port") == "environment SENTER_FRONT__PORT"
    assert settings.source_of("front.inner.depth") == "environment SENTER_FRONT__INNER__DEPTH"
    assert settings.source_of("front.open") == f"{path}:7"
    assert settings.source_of("front.speed") == "default"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("123", "123"),
        ("true", "true"),
        ("llama 3", "llama 3"),
        ('"quoted"', "quoted"),
        ("", ""),
        ("nan", "nan"),
        ("2026-01-02", "2026-01-02"),
        ("1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z"),
        ("[1]", "[1]"),
        ("a\nb", "a\nb"),
    ],
)
def test_text_in_the_environment_stays_text_where_text_is_wanted(path: Path, text: str, name: str) -> None:
    assert load(path, SECTIONS, {"SENTER_MODELS__PRIMARY__NAME": text}).section("models.primary", Model).name == name


def test_environment_values_take_the_type_of_their_setting(path: Path) -> None:
    variables = {
        "SENTER_FRONT__OPEN": "false",
        "SENTER_FRONT__SPEED": "slow",
        "SENTER_FRONT__FOLDER": "/srv/x",
        "SENTER_MODELS__RESEARCH__TEMPERATURE": "1",
        "SENTER_MODELS__RESEARCH__URL": "http://127.0.0.1:11434",
        "SENTER_HOME": "/nowhere",
        "SENTER_PYTHON": "python3.11",
    }
    settings = load(path, SECTIONS, variables)
    front, research = settings.section("front", Front), settings.section("models.research", Model)
    assert (front.open, front.speed, front.folder) == (False, Speed.SLOW, Path("/srv/x"))
    assert (research.temperature, research.url) == (1.0, "http://127.0.0.1:11434")
    assert settings.section("models.primary", Model) == Model()


def test_a_list_may_come_from_the_environment(path: Path) -> None:
    assert load(path, SECTIONS, {"SENTER_FRONT__HOSTS": '["a", "b"]'}).section("front", Front).hosts == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[front]\n\nprot = 1\n", ":3", "front.prot is not a setting of Senter. Did you mean front.port?"),
        ("[fornt]\nport = 1\n", ":1", "fornt is not a section of Senter. Did you mean front?"),
        (
            "[models.primry]\nurl = 'x'\n",
            ":1",
            "models.primry is not a section of Senter. Did you mean models.primary?",
        ),
        ("port = 1\n", ":1", "port is not a setting of Senter. Did you mean front.port?"),
        ("[front]\nport = 'x'\n", ":2", 'front.port: expected a whole number from 0 to 65535, found "x".'),
        ("[front]\nport = 70000\n", ":2", "front.port: expected a whole number from 0 to 65535, found 70000."),
        ("[front]\nport = 1.0\n", ":2", "front.port: expected a whole number from 0 to 65535, found 1.0."),
        ("[front]\nopen = 1\n", ":2", "front.open: expected true or false, found 1."),
        ("[front]\nspeed = 'quick'\n", ":2", 'front.speed: expected one of slow, fast, found "quick".'),
        ("[front]\ngreeting = 'hi'\n", ":2", 'front.greeting: expected one of hello, welcome, found "hi".'),
        ("[front]\nhosts = [1]\n", ":2", "front.hosts: expected a list of: text, found 1."),
        ("[front]\nhosts = ['*']\n", ":2", "front.hosts: a star is too wide, name the hosts."),
        ("[front]\nopen = false\nhosts = ['a']\n", ":1", "front: a closed door has no hosts."),
        ("[front.inner]\ndpth = 1\n", ":2", "front.inner.dpth is not a setting of Senter. Did you mean depth?"),
        ("[front.inner]\nzzz = 1\n", ":2", "front.inner.zzz is not a setting of Senter. There are: depth."),
        (
            "[front.rooms.hall]\nfloor = 1\n",
            ":2",
            "front.rooms.hall.floor is not a setting of Senter. There are: depth.",
        ),
        ("[front.inner]\n\ndepth = 'x'\n", ":3", 'front.inner.depth: expected a whole number, found "x".'),
        ("front = 3\n", ":1", "front is a section: write [front] and its settings below."),
        ("models = 3\n", ":1", "models is a section: write [models.primary] and its settings below."),
        ("[models]\nprimary = 3\n", ":2", "models.primary is a section: write [models.primary]"),
        ("[models.primary]\nurl = 3\n", ":2", "models.primary.url: expected text, found 3."),
        ("[models.primary]\ntemperature = nan\n", ":2", "models.primary.temperature: expected a number from 0"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_was_expected(path: Path, text: str, place: str, words: str) -> None:
    (problem,) = problems_of(path, text)
    assert problem.startswith(f"{path}{place}: ")
    assert words in problem


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (b"[front]\n# \xe9t\xe9\nport = 1\n", ":2", "not UTF-8"),
        ("[front\nport = 1\n", ":1", "not valid TOML"),
        ("[front]\nport = \n", ":2", "not valid TOML"),
        ("[front]\nport = 1\nport = 2\n", ":3", "not valid TOML"),
        ("[front]\nurl = unquoted\n", ":2", "Text needs quotes"),
        ("[front]\nname = 'open\n", "", "not valid TOML"),
        ('[front]\nname = """open\n', "", "not valid TOML"),
        ("a = \x00\n", ":1", "not valid TOML"),
        ("a = " + "[" * 10_000, "", "nested too deeply"),
        ("a = " + "1" * 5_000, "", "too many digits"),
        ("#" * 1_100_000, "", "larger than 1 MiB"),
    ],
)
def test_a_file_that_is_no_toml_gives_one_sentence(path: Path, text: str | bytes, place: str, words: str) -> None:
    (problem,) = problems_of(path, text)
    assert problem.startswith(f"{path}{place}")
    assert words in problem
    assert "\n" not in problem


def test_a_settings_path_that_is_a_folder_gives_one_sentence(path: Path) -> None:
    path.mkdir()
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory\."):
        load(path, SECTIONS, {})


def test_a_byte_order_mark_and_windows_line_ends_are_fine(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf[front]\r\nport = 1\r\nopen = false\r\n")
    settings = load(path, SECTIONS, {})
    assert settings.section("front", Front).port == 1
    assert settings.source_of("front.open") == f"{path}:3"


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("SENTER_FRONT__PROT", "1", "front.prot is not a setting of Senter. Did you mean front.port?"),
        ("SENTER_NOWHERE__PORT", "1", "nowhere.port is not a setting of Senter. Did you mean front.port?"),
        ("SENTER_MODELS__PRIMARY", "{}", "models.primary is not a section of Senter"),
        ("SENTER_FRONT__PORT", "many", 'front.port: expected a whole number from 0 to 65535, found "many".'),
        ("SENTER_FRONT__PORT", "70000", "front.port: expected a whole number from 0 to 65535, found 70000."),
        ("SENTER_FRONT__OPEN", "yes", 'front.open: expected true or false, found "yes".'),
        ("SENTER_FRONT__INNER__DEPTH", "x", 'front.inner.depth: expected a whole number, found "x".'),
        ("SENTER_FRONT__INNER__DEEP", "1", "front.inner.deep is not a setting of Senter."),
        ("SENTER_FRONT__GREETING", "\udcff", "front.greeting is not UTF-8 text."),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(path: Path, variable: str, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(path, SECTIONS, {variable: text})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{variable}: ")
    assert words in problem or "is not a" in problem


def test_every_mistake_is_reported_at_once(path: Path) -> None:
    text = "[front]\nport = 'x'\nprot = 1\n[modles]\n[models.primary]\nurl = 2\n"
    assert len(problems_of(path, text, {"SENTER_FRONT__SPEED": "9"})) == 5


def test_the_message_of_one_mistake_is_its_sentence_and_of_several_a_list(path: Path) -> None:
    path.write_text("[front]\nport = 'x'\n")
    with pytest.raises(SettingsError) as one:
        load(path, SECTIONS, {})
    assert one.value.message == one.value.problems[0]
    with pytest.raises(SettingsError) as two:
        load(path, SECTIONS, {"SENTER_FRONT__SPEED": "9"})
    assert two.value.message.splitlines()[0] == "2 settings are wrong:"


def test_a_wrong_secret_is_not_repeated(path: Path) -> None:
    (problem,) = problems_of(path, "[models.primary]\napi_key = 12345\n")
    assert "12345" not in problem
    assert "***" in problem


def test_secrets_are_masked_where_settings_are_shown(path: Path) -> None:
    path.write_text("[models.primary]\napi_key = 'sk-12345'\naddress = 'http://me:hunter2@host/v1'\n")
    shown = {entry.key: entry.value for entry in load(path, SECTIONS, {}).entries()}
    assert shown["models.primary.api_key"] == "***"
    assert shown["models.primary.address"] == "http://***@host/***"
    assert shown["models.research.api_key"] == ""
    json.dumps(shown)


def test_asking_for_a_section_as_another_kind_is_a_mistake_of_the_program(path: Path) -> None:
    with pytest.raises(TypeError, match="section front is Front, not Model"):
        load(path, SECTIONS, {}).section("front", Model)


def test_the_defaults_file_changes_nothing_and_names_every_setting(path: Path) -> None:
    path.write_text(render_defaults(SECTIONS))
    settings = load(path, SECTIONS, {})
    assert all(settings.sections[name] == kind() for name, kind in SECTIONS.items())
    for name, kind in SECTIONS.items():
        section = path.read_text().partition(f"[{name}]\n")[2].partition("\n[")[0]
        assert all(f"\n# {field} " in section for field in kind.model_fields)


def test_every_default_line_may_be_uncommented(path: Path) -> None:
    text = render_defaults(SECTIONS)
    lines = [line.removeprefix("# ") if line.startswith("# ") and " = " in line else line for line in text.splitlines()]
    path.write_text("\n".join(lines))
    settings = load(path, SECTIONS, {})
    assert settings.section("front", Front) == Front()
    assert settings.section("front", Front).model_fields_set == set(Front.model_fields) - {"folder"}


def test_the_first_settings_file_is_private_and_an_existing_one_is_left_alone(path: Path) -> None:
    assert write_defaults(path, SECTIONS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("[front]\n")
    assert not write_defaults(path, SECTIONS)
    assert path.read_text() == "[front]\n"


def test_every_key_of_a_document_has_its_line() -> None:
    text = 'a = 1\n# x\n[b.c]\nd = """\n[not]\ne = 1\n"""\nf = [\n 1, # ]\n 2,\n]\n"g h" = {i = 1, j = 2}\n'
    text += "k.l = 1\n[[m]]\nn = 1\n"
    lines = key_lines(text)
    assert lines[("a",)] == 1
    assert lines[("b", "c")] == 3
    assert lines[("b", "c", "d")] == 4
    assert lines[("b", "c", "f")] == 8
    assert lines[("b", "c", "g h", "j")] == 12
    assert lines[("b", "c", "k", "l")] == 13
    assert lines[("m", "n")] == 15
    assert ("not",) not in lines


NAMES = st.text(alphabet="abcxyz_", min_size=1, max_size=4)
LEAVES = st.one_of(st.integers(), st.booleans(), st.text(max_size=8), st.floats(allow_nan=False))
TABLES = st.recursive(
    st.dictionaries(NAMES, LEAVES, max_size=4),
    lambda inner: st.dictionaries(NAMES, st.one_of(LEAVES, inner), max_size=4),
    max_leaves=20,
)


@given(TABLES, TABLES)
def test_in_a_merge_the_upper_table_wins_and_nothing_else_is_lost(under: TomlTable, over: TomlTable) -> None:
    merged = merge(under, over)
    assert merged.keys() == under.keys() | over.keys()
    for name, value in merged.items():
        above, below = over.get(name), under.get(name)
        if isinstance(above, dict) and isinstance(below, dict):
            assert value == merge(below, above)
        else:
            assert value == (above if name in over else below)


@given(TABLES)
def test_a_merge_with_nothing_changes_nothing(table: TomlTable) -> None:
    assert merge(table, {}) == merge({}, table) == merge(table, table) == table


KEYS = st.lists(st.sampled_from(["FRONT", "MODELS", "PRIMARY", "PORT", "INNER", "DEPTH", "NAME", "HOSTS", "X", ""]))


@given(
    KEYS,
    st.one_of(st.text(), st.sampled_from(["1", "[", "{a = 1}", "nan", "1e999", "2026-01-01", "[[1]]", "1\ny = 2"])),
)
def test_no_variable_can_break_more_than_the_settings(key: list[str], text: str) -> None:
    try:
        load(Path("/nonexistent/settings.toml"), SECTIONS, {"SENTER_" + "__".join(key): text})
    except SettingsError as error:
        assert error.problems


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_can_break_more_than_the_settings(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    try:
        load(path, SECTIONS, {})
    except SettingsError as error:
        assert error.problems


@given(st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)))
def test_a_written_value_reads_back_as_itself(value: object) -> None:
    assert tomllib.loads(f"x = {toml_value(value)}") == {"x": value}  # pyright: ignore[reportArgumentType] - any JSON


def test_settings_errors_cross_the_bus_as_themselves() -> None:
    error = SettingsError.from_problems(["a", "b"])
    rebuilt = SenterError.from_wire(error.code, error.message, error.hint)
    assert isinstance(rebuilt, SettingsError)
    assert rebuilt.problems == ()


def test_defaults_are_what_json_can_hold() -> None:
    class Odd(BaseModel):
        """Odd."""

        day: date = date(2026, 1, 2)
        needed: int

    assert default_of(Odd.model_fields["day"]) == "2026-01-02"
    assert default_of(Odd.model_fields["needed"]) is None
