"""The contract of interpreters, and how a model stands beside the rules."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from senter.messages.acts import ActKind, Missing
from senter.understanding.interpreter import SCHEMA, ByModel, ByRules, Interpreter, is_sure, prompt_for
from tests.support.interpreters import (
    UNSURE,
    every_text_has_a_meaning_with_places_in_it,
    torn,
    what_is_certain_is_the_same_whoever_interprets,
)
from tests.unit.understanding.said import NOW, ZONE, meant

SENTENCE = UNSURE
ALWAYS_ASKED = 1.1
"""More sure than rules can be."""


class Scripted:
    """A model that answers what it is told to, and counts how often it is asked."""

    def __init__(self, answer: str) -> None:
        self.answer, self.prompts = answer, list[str]()

    async def __call__(self, prompt: str, schema: dict[str, JsonValue]) -> str:
        assert schema is SCHEMA
        self.prompts.append(prompt)
        return self.answer


def says(*acts: tuple[str, str]) -> Scripted:
    return Scripted(json.dumps({"acts": [{"kind": kind, "words": words} for kind, words in acts]}))


INTERPRETERS = [
    ByRules(),
    ByModel(says(("talk", SENTENCE))),
    ByModel(Scripted("no JSON at all"), sure=ALWAYS_ASKED),
    ByModel(says(("goal", "words that nobody said")), sure=ALWAYS_ASKED),
    ByModel(Scripted('{"acts": []}'), sure=ALWAYS_ASKED),
]


@pytest.mark.parametrize("interpreter", INTERPRETERS)
async def test_each_holds_to_the_contract(interpreter: Interpreter) -> None:
    await every_text_has_a_meaning_with_places_in_it(interpreter)
    await what_is_certain_is_the_same_whoever_interprets(interpreter)


async def test_a_model_is_not_asked_about_what_is_certain() -> None:
    model = says(("talk", "x"))
    await ByModel(model).interpret("Remind me to call mom tomorrow at 9", NOW, ZONE)
    assert not model.prompts


async def test_a_model_that_sees_nothing_to_do_is_the_safer_one() -> None:
    found = await ByModel(says(("talk", SENTENCE)), sure=ALWAYS_ASKED).interpret(SENTENCE, NOW, ZONE)
    assert [act.kind for act in found.acts] == [ActKind.TALK]


async def test_a_model_of_the_same_mind_makes_it_sure() -> None:
    found = await ByModel(says(("goal", SENTENCE)), sure=ALWAYS_ASKED).interpret(SENTENCE, NOW, ZONE)
    assert [act.kind for act in found.acts] == [ActKind.GOAL]
    assert is_sure(found)


async def test_two_readings_that_both_do_something_are_asked_about() -> None:
    found = await ByModel(says(("event", SENTENCE)), sure=ALWAYS_ASKED).interpret(SENTENCE, NOW, ZONE)
    assert found.question and found.question.lacks is Missing.KIND
    assert [meant(choice.says).acts[0].kind for choice in found.question.alternatives] == [ActKind.GOAL, ActKind.EVENT]
    assert all(meant(choice.says).question is None for choice in found.question.alternatives)


async def test_where_nothing_is_to_be_done_no_model_is_asked() -> None:
    model = says(("goal", "x"))
    await ByModel(model, sure=ALWAYS_ASKED).interpret("What is the capital of Australia?", NOW, ZONE)
    assert not model.prompts


TORN = "rmd me thurs 3pm dentist forms"


@pytest.mark.parametrize(
    ("says_kind", "kinds"), [("reminder", [ActKind.REMINDER]), ("event", [ActKind.EVENT]), ("talk", [ActKind.TALK])]
)
async def test_a_model_decides_where_the_rules_are_torn(says_kind: str, kinds: list[ActKind]) -> None:
    found = await ByModel(says((says_kind, TORN)), read=torn).interpret(TORN, NOW, ZONE)
    assert [act.kind for act in found.acts] == kinds
    assert found.question is None
    assert all(act.due == "2026-12-03T15:00" for act in found.acts if act.kind is not ActKind.TALK)


async def test_a_third_reading_decides_nothing() -> None:
    found = await ByModel(says(("completion", TORN)), read=torn).interpret(TORN, NOW, ZONE)
    assert found == torn(TORN, NOW, ZONE)


async def test_moments_are_computed_from_the_words_whoever_interpreted() -> None:
    text = "clear the attic by Friday at 16:00"
    found = await ByModel(says(("goal", text)), sure=ALWAYS_ASKED).interpret(text, NOW, ZONE)
    dues = {act.due for act in found.acts} | {act.due for act in (found.question.acts if found.question else ())}
    assert "2026-12-04T16:00" in dues


def test_the_prompt_shows_examples_like_the_text_and_stays_small() -> None:
    prompt = prompt_for("wake me at 5 and find out when the first bus leaves")
    assert "wake me at 6 and find out when the first train leaves" in prompt
    assert len(prompt) < 2_400
