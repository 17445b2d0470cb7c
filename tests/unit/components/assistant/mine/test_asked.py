"""Sentences of a person's, from the door to the answer: read by the rules, answered from what is theirs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import FakeClock, run_component
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC
from senter.messages.message import ComponentName
from senter.messages.query import QueryAnswer, QueryId, UserQuery
from senter.messages.understanding import LookUpOwn, OwnAnswer
from tests.support.own_home import NOW, ZONE
from tests.support.own_room import conversations, own_things_around
from tests.support.scripted_worker import ScriptedWorker

SETTINGS = AssistantSettings(timezone=ZONE.key)


@pytest.fixture
async def person(broker: MemoryBroker, tmp_path: Path, worker: ScriptedWorker) -> AsyncGenerator[Bus]:
    bus, home = broker.bus(ComponentName("person_here"), Manifest(sends=(UserQuery, LookUpOwn))), tmp_path / "senter"
    async with own_things_around(broker, tmp_path):
        with conversations(home / "data" / "conversations.db"):
            pass
        async with run_component(SPEC, home, settings=SETTINGS, broker=broker, clock=FakeClock(NOW)):
            yield bus
    await bus.close()


async def ask(person: Bus, text: str) -> QueryAnswer:
    query = UserQuery(query_id=QueryId(f"q{abs(hash(text))}"), text=text)
    return await person.request(query, timeout_seconds=20)


async def test_what_is_mine_is_answered_from_what_is_mine(person: Bus, worker: ScriptedWorker) -> None:
    worker.answer = lambda _: "You fly tomorrow. I'll remind you."
    flight = await ask(person, "When do I fly to Porto?")
    assert flight.response.startswith('"Flight out to Porto: LH 1780 on 9 April 2027')
    assert flight.response.endswith("/papers/travel/porto-itinerary.md)")
    assert Path(flight.sources[0].address).name == "porto-itinerary.md"
    assert "Rossio station" in (await ask(person, "What did my goal about Sintra find out?")).response
    assert (
        '"The boiler makes a knocking noise when the heating starts."'
        in (await ask(person, "What did I say about the boiler?")).response
    )
    todo = (await ask(person, "What do I have to do?")).response
    assert "Goal 6: Finish the presentation for the museum" in todo
    assert "Choir rehearsal" in todo
    nothing = (await ask(person, "When is Paul's birthday?")).response
    assert nothing.startswith(
        "I found nothing about Paul's birthday in your documents, calendar, goals or earlier talk"
    )
    assert "these come nearest:" in nothing
    assert worker.requests == []


async def test_what_anybody_may_know_is_put_to_the_model(person: Bus, worker: ScriptedWorker) -> None:
    for question in ("How do I write a notice?", "What is a notice period?", "What is the capital of Portugal?"):
        assert (await ask(person, question)).response == f"You said: {question}"


async def test_what_ones_own_papers_name_wholly_is_answered_by_them_and_nothing_less(
    person: Bus, worker: ScriptedWorker
) -> None:
    own = (await ask(person, "how long do lentils simmer")).response
    assert own.startswith('"Simmer 250 g of lentils for 40 minutes."')
    for question in ("how long do carrots simmer", "how do I cook lentils"):
        assert (await ask(person, question)).response == f"You said: {question}"


@pytest.mark.parametrize(
    "question", ["What is on on 3 March 2031?", "What happens on 3 March 2031?", "What is going on on 3 March 2031?"]
)
async def test_a_question_that_names_a_day_alone_is_for_the_calendar_though_nothing_is_in_it(
    person: Bus, question: str
) -> None:
    assert (await ask(person, question)).response == "Nothing is in your calendar on Mon 3 Mar 2031."


async def test_what_asks_on_is_about_what_was_asked_before_whoever_answered_that(
    person: Bus, worker: ScriptedWorker
) -> None:
    async def after(first: str, *others: str) -> str:
        answer = await ask(person, first)
        for number, text in enumerate(others):
            query = UserQuery(
                query_id=QueryId(f"on{number}{abs(hash(first))}"), text=text, conversation_id=answer.conversation_id
            )
            answer = await person.request(query, timeout_seconds=20)
        return answer.response

    assert "on 9 April 2027" in await after("When do I fly to Porto?", "and when exactly?")
    assert "Nothing is in your calendar on" in await after("What is on tomorrow?", "and on 3 March 2031?")
    assert (await after("am i free on 3 march 2031?", "and in the morning?")).startswith(
        "You are free: Mon 3 Mar 2031, 08:00"
    )
    assert await after("What is Python?", "Who made it?", "when was it built?") == "You said: when was it built?"
    assert len(worker.requests) == 3


async def test_what_a_goal_asks_is_answered_from_what_is_mine_alone(person: Bus, worker: ScriptedWorker) -> None:
    async def look_up(text: str) -> OwnAnswer:
        return await person.request(LookUpOwn(text=text), timeout_seconds=20)

    bills = await look_up("send me a list of the unpaid invoices")
    assert "Studio Lens" in bills.text
    assert {Path(source.address).name for source in bills.sources} >= {"invoice-studio-lens.md"}
    assert "Finish the presentation" in (await look_up("make a list of my open goals")).text
    for other in ("What is the capital of Portugal?", "Remind me to call Bo at 9", "organise my notes", "Who is Zyx?"):
        assert await look_up(other) == OwnAnswer(text="")
    assert worker.requests == []


async def test_words_of_a_document_are_quoted_and_never_obeyed_nor_said_by_senter(
    person: Bus, worker: ScriptedWorker
) -> None:
    answer = await ask(person, "What does my newsletter say about the subscription?")

    assert answer.receipts == ()
    quoted = answer.response.split('"')[1]
    assert quoted.startswith("I'll remind you tomorrow at 9")
    assert "I'll remind you" not in answer.response.replace(quoted, "")
