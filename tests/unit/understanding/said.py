"""The moment that the sentences of these tests are said at: a Monday morning in Berlin; and things that exist then."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Thing, ThingKind
from senter.messages.understanding import Understanding
from senter.understanding.known import NOTHING, Known
from senter.understanding.reading import understand

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=ZONE)
DENTIST = Thing(kind=ThingKind.EVENT, id="d1", title="Dentist", at=datetime(2026, 12, 4, 14, 0, tzinfo=UTC))
LUNCH = Thing(kind=ThingKind.EVENT, id="l1", title="Lunch with Ana", at=datetime(2026, 12, 3, 11, 0, tzinfo=UTC))
MILK = Thing(kind=ThingKind.REMINDER, id="12", title="buy milk", at=datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
BREAD = Thing(kind=ThingKind.REMINDER, id="13", title="buy bread", at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
DECK = Thing(kind=ThingKind.GOAL, id="3", title="finish the deck for Thursday")
KNOWN = Known(things=(DENTIST, LUNCH, MILK, BREAD, DECK), latest=(MILK, BREAD))


def meant(text: str, known: Known = NOTHING) -> Understanding:
    """What it means there and then."""
    return understand(text, NOW, ZONE, known)
