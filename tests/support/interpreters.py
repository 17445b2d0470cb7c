"""The contract of interpreters: what holds of each, whoever it asks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind
from senter.messages.understanding import Understanding
from senter.understanding.interpreter import Interpreter
from senter.understanding.known import NOTHING, Known
from senter.understanding.questions import kind_question
from tests.unit.understanding.said import NOW, ZONE, meant

CERTAIN = "Remind me to call mom tomorrow at 9"
UNSURE = "I need to clear the attic by Friday"
TEXTS = (CERTAIN, "thanks", "", "?", "x" * 5_000, UNSURE, "cancel everything", "maybe the dentist on Friday")


async def every_text_has_a_meaning_with_places_in_it(interpreter: Interpreter) -> None:
    for text in TEXTS:
        found = await interpreter.interpret(text, NOW, ZONE)
        assert found.acts
        assert all(0 <= act.span[0] <= act.span[1] <= len(text) for act in found.acts)


async def what_is_certain_is_the_same_whoever_interprets(interpreter: Interpreter) -> None:
    assert (await interpreter.interpret(CERTAIN, NOW, ZONE)).acts == meant(CERTAIN).acts


def torn(text: str, now: datetime, zone: ZoneInfo, known: Known = NOTHING) -> Understanding:
    """What rules say of a text that may be a reminder as well as an event, whatever they have learned."""
    assert not known.asked
    acts = tuple(
        Act(kind=kind, gist=text, span=(0, len(text)), confidence=0.4) for kind in (ActKind.REMINDER, ActKind.EVENT)
    )
    return Understanding(acts=acts[:1], question=kind_question(acts), now=now, zone=zone.key)
