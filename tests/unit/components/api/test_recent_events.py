from __future__ import annotations

import pytest

from senter.components.api import recent_events
from senter.components.api.channel import StreamEvent
from senter.components.api.recent_events import RecentEvents


def event(number: int, data: str = "{}") -> StreamEvent:
    return StreamEvent("e", data, str(number))


def ids(events: list[StreamEvent]) -> list[str]:
    return [found.id or found.name for found in events]


def test_what_came_after_an_event_is_kept() -> None:
    recent = RecentEvents(limit=9)
    for number in range(4):
        recent.add(event(number))
    assert ids(recent.after("1")) == ["2", "3"]
    assert recent.after("3") == []


def test_the_oldest_make_room_and_who_needs_them_is_told() -> None:
    recent = RecentEvents(limit=2)
    for number in range(4):
        recent.add(event(number))
    assert ids(recent.after("2")) == ["3"]
    assert ids(recent.after("1")) == ["missed", "2", "3"]
    assert ids(RecentEvents(limit=2).after("1")) == ["missed"]


def test_large_events_make_room_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_events, "MOST_CHARACTERS", 100)
    recent = RecentEvents(limit=9)
    for number in range(4):
        recent.add(event(number, "x" * 40))
    assert ids(recent.after("2")) == ["3"]
    assert ids(recent.after("1")) == ["missed", "2", "3"]
