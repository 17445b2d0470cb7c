from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from senter.messages.needs import (
    NEEDS,
    ActAfterEnd,
    ChangeOwn,
    EarlierWords,
    Need,
    ReachHost,
    ReadPath,
    RunCommand,
    UseMcpServer,
    UseProvider,
    UseTool,
    WritePath,
    words,
    words_of,
)

PATHS = st.text(st.characters()).map(Path)
ANY_NEED: st.SearchStrategy[Need] = st.one_of(
    st.builds(ReadPath, path=PATHS),
    st.builds(WritePath, path=PATHS, leads_to=st.none() | st.text()),
    st.builds(ReachHost, host=st.text(), port=st.integers(0, 65_535)),
    st.builds(UseProvider, name=st.text()),
    st.builds(RunCommand, argv=st.lists(st.text()).map(tuple)),
    st.builds(UseMcpServer, name=st.text()),
    st.builds(UseTool, name=st.text()),
    st.builds(ChangeOwn, what=st.sampled_from(["schedules", "memory", "settings"])),
    st.builds(ActAfterEnd, ended_at=st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC))),  # noqa: DTZ001
    st.builds(EarlierWords, text=st.text(min_size=1)),
)


@given(st.lists(ANY_NEED).map(tuple))
def test_needs_are_the_same_after_a_way_through_a_file(needs: tuple[Need, ...]) -> None:
    assert NEEDS.validate_json(NEEDS.dump_json(needs)) == needs


@given(ANY_NEED)
def test_the_words_for_a_need_can_be_shown(need: Need) -> None:
    assert words(need).isprintable()
    assert words(need).encode()
    assert str(need) == words(need)


def test_words_disguise_nothing() -> None:
    assert words(ReadPath(path=Path("/a\u202egnp.exe"))) == "read /a\\u202egnp.exe"
    assert words(RunCommand(argv=("echo", "a b", "; rm -rf /"))) == "run echo 'a b' '; rm -rf /'"
    assert words(ReachHost(host="example.org", port=8080)) == "reach example.org on port 8080"
    assert words(WritePath(path=Path("/a/link"), leads_to="/etc/shadow")) == "write /a/link, which leads to /etc/shadow"
    ended_at = datetime(2026, 1, 1, 1, tzinfo=UTC)
    line = words_of((ChangeOwn(what="schedules"), ActAfterEnd(ended_at=ended_at)))
    assert line == "change your schedules; act after its grant ended at 2026-01-01 01:00 UTC"


@pytest.mark.parametrize("kind", ["", "everything", None])
def test_what_is_no_known_need_is_refused(kind: str | None) -> None:
    with pytest.raises(ValidationError):
        NEEDS.validate_json(json.dumps([{"kind": kind, "path": "/etc/shadow"}]))
