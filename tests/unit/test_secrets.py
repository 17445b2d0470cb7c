"""Secret settings: told by their type, masked wherever settings are shown, and whole for the process that uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ConfigDict, Field, JsonValue, SecretBytes, SecretStr, field_serializer

from senter.bus.wire import WireError
from senter.component.spec import ComponentSettings
from senter.components.specs import SPECS
from senter.components.task_engine.settings import McpServer
from senter.errors import SettingsError, ToolError
from senter.masking import MASK, is_secret, mask_text, remember
from senter.settings import load
from senter.settings.secret import (
    SecretAddress,
    SecretArgument,
    command_line,
    handed_over,
    known_values,
    shown,
)
from senter.supervisor.configuration import UnreadSection, sections
from tests.support.marked_settings import MARKED, MARKER, as_toml, marked

SECTIONS = sections(SPECS)
MARKS = marked(SECTIONS)
PLACES = {
    "bus.password",
    "bus.url",
    "models.primary.api_key",
    "models.research.api_key",
    "reporter.targets",
    "task_engine.caldav_password",
    "task_engine.caldav_url",
    "task_engine.mcp_servers.one.command",
    "task_engine.mcp_servers.one.environment.one",
    "task_engine.mcp_servers.one.headers.one",
    "task_engine.mcp_servers.one.url",
    "task_engine.searxng_url",
}


def places(value: JsonValue, path: str) -> Iterator[str]:
    """Where the markers are."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, f"{path}.{name}")
    elif MARKER in str(value):
        yield path


def test_the_secret_places_are_those_that_are_known_to_be() -> None:
    assert {place for name, fields in MARKS.items() for place in places({**fields}, name)} == PLACES


def test_what_is_called_a_secret_is_one_by_its_type() -> None:
    named = {f"{name}.{field}" for name, kind in SECTIONS.items() for field in kind.model_fields if is_secret(field)}
    assert named <= PLACES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(as_toml(MARKS))
    return path


def test_no_secret_is_shown_and_none_is_lost_on_the_way_to_its_process(file: Path) -> None:
    settings = load(file, SECTIONS, {})
    entries = {entry.key: entry.value for entry in settings.entries()}
    assert MARKER not in json.dumps(entries)
    assert entries["bus.url"] == entries["task_engine.caldav_url"] == "http://***@127.0.0.1:9/***"
    for name, fields in MARKS.items():
        section, kind = settings.sections[name], SECTIONS[name]
        assert MARKER not in repr(section) + str(section.model_dump()) + section.model_dump_json()
        assert handed_over(section) == fields
        assert kind.model_validate(handed_over(section)) == section


@pytest.mark.parametrize("place", sorted(PLACES))
@pytest.mark.parametrize("wrong", [[[MARKED]], {"a": {"b": {"c": {"d": MARKED}}}}], ids=["list", "table"])
def test_a_secret_of_a_wrong_kind_is_not_repeated(tmp_path: Path, place: str, wrong: JsonValue) -> None:
    section = next(name for name in SECTIONS if place.startswith(f"{name}."))
    path = tmp_path / "settings.toml"
    path.write_text(as_toml({section: nested(place.removeprefix(f"{section}.").split("."), wrong)}))
    with pytest.raises(SettingsError) as refused:
        load(path, SECTIONS, {})
    assert MARKER not in refused.value.message
    assert f", found {MASK}" in refused.value.message


def nested(names: list[str], value: JsonValue) -> dict[str, JsonValue]:
    first, *rest = names
    return {first: nested(rest, value) if rest else value}


def test_a_secret_in_the_environment_is_not_repeated(tmp_path: Path) -> None:
    for variable in ("SENTER_REPORTER__TARGETS", "SENTER_TASK_ENGINE__MCP_SERVERS"):
        with pytest.raises(SettingsError) as refused:
            load(tmp_path / "none.toml", SECTIONS, {variable: MARKED})
        assert MARKER not in refused.value.message


def test_what_cannot_be_used_is_secret_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f'[gone]\nname = "{MARKED}"\nempty = ""\n[gone.table]\nlist = [1, "{MARKED}"]\n')
    settings = load(path, {"gone": UnreadSection}, {})
    found = {entry.key: entry.value for entry in settings.entries()}
    assert found == {"gone.name": MASK, "gone.empty": "", "gone.table": MASK}


class Foreign(ComponentSettings):
    """Settings of a component by somebody else."""

    model_config = ConfigDict(frozen=True)

    key: SecretStr = SecretStr("")
    raw: SecretBytes = SecretBytes(b"")
    revealed: SecretStr = SecretStr("")
    rows: tuple[dict[str, SecretStr], ...] = Field(default=())
    path: Path = Path("/x")

    @field_serializer("revealed", when_used="json")
    def _reveal(self, revealed: SecretStr) -> str:
        return revealed.get_secret_value()


def test_secrets_of_third_parties_are_masked_and_handed_over_whole() -> None:
    given: dict[str, JsonValue] = {"key": MARKER, "raw": MARKER, "revealed": MARKER, "rows": [{"a": MARKER}]}
    foreign = Foreign.model_validate(given)
    assert MARKER not in json.dumps(shown(foreign))
    assert shown(foreign)["rows"] == [{"a": MASK}]
    assert shown(foreign)["path"] == "/x"
    assert handed_over(foreign) == given


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://mcp.example/sse?api_key=abc", "https://mcp.example/***"),
        ("https://user:pw@host", "https://***@host"),
        ("https://host:8443/", "https://host:8443/"),
        ("https://host/a@b", "https://host/***"),
        ("https://host?key=abc", "https://host/***"),
        ("nats://a:b@one:1, tls://two:2", "nats://***@one:1,tls://two:2"),
        ("token-alone", "***"),
        ("https:token", "***"),
        ("", ""),
    ],
)
def test_of_an_address_scheme_and_host_are_shown(address: str, seen: str) -> None:
    assert str(SecretAddress(address)) == seen


def test_of_a_command_line_the_program_and_the_names_of_flags_are_shown() -> None:
    words = ["npx", "-y", "server", "--token", "abc", "--api-key=abc", "-pabc", "--", "--Abc", "KEY=abc", ""]
    seen = [str(word) for word in command_line(tuple(map(SecretArgument, words)))]
    assert seen == ["npx", "-y", "***", "--token", "***", "--api-key=***", "-p***", "***", "***", "***", ""]
    assert str(command_line((SecretArgument("server --token abc"),))[0]) == "server ***"


def test_what_is_remembered_is_masked_in_texts_and_in_errors_but_ordinary_words_are_not() -> None:
    server = McpServer.model_validate(
        {
            "command": ["/bin/tool9999", "serve-files", "/home/me/documents", "--token", "t0ken-abcdef"],
            "url": "https://ann:hunter@host/calendar/k3y-abcdef?key=q-abcdef",
            "headers": {"Authorization": "Bearer h3ader-abcdef"},
            "environment": {"KEY": "a password of words", "SHORT": "abc"},
        }
    )
    remember(known_values(server))
    for secret in ("t0ken-abcdef", "k3y-abcdef", "q-abcdef", "hunter", "h3ader-abcdef", "a password of words"):
        assert mask_text(f"It said ({secret}).") == "It said (***)."
        assert secret not in WireError.of(ToolError(secret, secret)).model_dump_json()
    ordinary = "abc: /bin/tool9999 serve-files /home/me/documents calendar host"
    assert mask_text(ordinary) == ordinary


@pytest.mark.parametrize("secret", [SecretAddress, SecretStr])
def test_the_host_of_an_address_stays_sayable(secret: type[SecretStr]) -> None:
    address = "--at=https://user7777:pass7777@127.0.0.1:8080/p4thp4th,nats://10.20.30.40:4222/?k=v4lue"
    known = set(known_values(secret(address)))
    assert {"user7777", "pass7777", "p4thp4th", "v4lue"} <= known
    assert known.isdisjoint({"127.0.0.1", "10.20.30.40", "nats", "https"})
