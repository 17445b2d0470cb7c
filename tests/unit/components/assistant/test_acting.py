"""What is said is done once, told by its receipts, asked back where it is unclear, and answered by nobody's guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import utc_now
from senter.component.testing import FakeClock
from senter.errors import InvalidInput, ModelUnavailable
from senter.messages.acts import (
    Act,
    ActKind,
    Alternative,
    ChangeKind,
    Clarification,
    Missing,
    Subject,
    Thing,
    ThingKind,
)
from senter.messages.conversations import TurnState
from senter.messages.goals import AwaitGoal, GoalId, GoalView, Status
from senter.messages.message import ComponentName
from senter.messages.model import ChatMessage, ModelRequest, ModelResponse
from senter.messages.query import ContinueChat, ConversationId, QueryAnswer, QueryId, UserQuery
from senter.messages.reports import REPORTER, DigestReply, GetDigest
from senter.messages.turns import BeginTurn, GetTurn, StopTurn, TurnReply
from senter.messages.understanding import UnderstandText
from senter.understanding.known import Known
from tests.support.acting_engine import DONE_AT, ActingEngine, event
from tests.support.scripted_reading import INTERPRETER, Meaning, act, reading_assistant
from tests.support.scripted_worker import ScriptedWorker

ASKER = Manifest(sends=(UserQuery, BeginTurn, GetTurn, StopTurn, ContinueChat, UnderstandText))
MOM = "Remind me to call mom tomorrow at 9"
WHICH = Clarification(
    lacks=Missing.WHEN,
    question="When?",
    acts=(act(ActKind.REMINDER, "Remind me to call mom", "call mom"),),
    alternatives=(
        Alternative(label="tomorrow at 9", says=MOM),
        Alternative(label="tonight", says="Remind me to call mom tonight"),
    ),
)


def read(text: str, known: Known) -> tuple[Meaning, ...]:
    """A small language of its own."""
    match text.split()[0].strip(",").lower():
        case "remind":
            return (
                (WHICH,) if text.endswith("mom") else (act(ActKind.REMINDER, text, "call mom", due="2026-12-01T09:00"),)
            )
        case "at":
            return (act(ActKind.REMINDER, text, "call mom", due="2026-12-01T09:00"),) if known.asked else ()
        case "move":
            return (act(ActKind.CHANGE, text, "it", change=ChangeKind.MOVE, things=known.latest[:1]),)
        case "no":
            return (act(ActKind.TALK, text, " ").model_copy(update={"gist": ""}),)
        case "undo":
            return (act(ActKind.UNDO, text, things=known.latest[:0]),)
        case "research":
            return (act(ActKind.WORK, text, "bread ovens"),)
        case "write" | "draft" | "add" | "plan":
            return (act(ActKind.WORK, text, "a haiku"),)
        case "both":
            return tuple(
                Act(kind=ActKind.REMINDER, gist=gist, span=(5, 10), confidence=1, due="2026-12-01T09:00")
                for gist in ("one", "two")
            )
        case "mine":
            return (act(ActKind.QUESTION, text, subject=Subject.MINE, span=(5, len(text))),)
        case "do":
            return (act(ActKind.QUESTION, text, subject=Subject.MINE),)
        case "open" | "likely":
            likely = Subject.MINE if text.startswith("Likely") else Subject.WORLD
            question = act(ActKind.QUESTION, text, subject=likely, subject_is_open=True)
            return (question.model_copy(update={"span": (text.index(" "), len(text))}),)
        case "senter":
            return (act(ActKind.QUESTION, text, subject=Subject.SENTER),)
        case "mixed":
            reminder = Act(kind=ActKind.REMINDER, gist="call mom", span=(6, 20), confidence=1, due="2026-12-01")
            question = Act(kind=ActKind.QUESTION, span=(24, len(text)), confidence=1, subject=Subject.WORLD)
            return (reminder, question)
        case "guess":
            return (act(ActKind.NOTE, text, confidence=0.4),)
        case "wie":
            return (Clarification(lacks=Missing.LANGUAGE, question="In English, please."),)
        case _:
            return (act(ActKind.QUESTION, text, subject=Subject.WORLD),)


class Person:
    """Asks, waits, and goes on in one conversation."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._asked = 0
        self.conversation: ConversationId | None = None

    async def ask(self, text: str, name: str = "") -> QueryAnswer:
        self._asked += 1
        query_id = QueryId(name or f"q{self._asked}")
        query = UserQuery(query_id=query_id, text=text, conversation_id=self.conversation)
        answer = await self._bus.request(query, timeout_seconds=20)
        self.conversation = answer.conversation_id
        return answer

    async def begin(self, text: str, name: str) -> TurnReply:
        return await self._bus.request(BeginTurn(request_id=name, text=text), timeout_seconds=5)

    async def stop(self, name: str) -> None:
        await self._bus.request(StopTurn(turn_id=QueryId(name)), timeout_seconds=5)

    async def look(self, name: str) -> TurnReply:
        return await self._bus.request(GetTurn(turn_id=QueryId(name)), timeout_seconds=5)

    async def chat(self, *said: str, name: str = "chat1", **options: object) -> ModelResponse:
        roles = ("user", "assistant")
        messages = [ChatMessage(role=roles[number % 2], content=text) for number, text in enumerate(said)]
        request = ModelRequest.model_validate({"messages": messages} | options)
        return await self._bus.request(ContinueChat(query_id=QueryId(name), request=request), timeout_seconds=20)

    async def understand(self, text: str) -> tuple[Act, ...]:
        return (await self._bus.request(UnderstandText(text=text), timeout_seconds=5)).acts


@pytest.fixture
async def person(broker: MemoryBroker, worker: ScriptedWorker) -> AsyncGenerator[Person]:
    bus = broker.bus(ComponentName("api"), ASKER)
    yield Person(bus)
    await bus.close()


@pytest.fixture
async def engine(broker: MemoryBroker) -> AsyncGenerator[ActingEngine]:
    scripted = ActingEngine.on(broker)
    await scripted.start()
    yield scripted
    await scripted.stop()


@pytest.fixture
async def assistant(
    broker: MemoryBroker, engine: ActingEngine, worker: ScriptedWorker, tmp_path: Path
) -> AsyncGenerator[FakeClock]:
    clock = FakeClock(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    async with reading_assistant(broker, tmp_path, read, clock=clock):
        yield clock


@pytest.mark.usefixtures("assistant")
async def test_what_is_asked_for_is_done_and_told_by_its_receipt(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    answer = await person.ask(MOM)

    assert answer.response == "Reminder 1: call mom, 2026-12-01T09:00. Say undo to take it back."
    assert [(receipt.kind, receipt.id) for receipt in answer.receipts] == [(ThingKind.REMINDER, "1")]
    assert (answer.model, answer.focus, worker.requests) == ("rules", "general", [])
    assert [one.gist for one in engine.acts()] == ["call mom"]
    assert (await person.look("q1")).receipts == answer.receipts


@pytest.mark.usefixtures("assistant")
async def test_the_same_sentence_within_a_minute_is_one_thing_and_said_so(
    person: Person, engine: ActingEngine, assistant: FakeClock
) -> None:
    first = await person.ask(MOM)
    person.conversation = None
    again = await person.ask(MOM.upper() + "!")

    assert again.response.startswith("You said this a moment ago")
    assert again.receipts == first.receipts
    assert len(engine.done) == 1

    assistant.elapse(61)
    later = await person.ask(MOM)
    assert later.receipts != first.receipts
    assert len(engine.done) == 2


@pytest.mark.usefixtures("assistant")
async def test_what_was_taken_back_in_between_is_done_again(person: Person, engine: ActingEngine) -> None:
    await person.ask(MOM)
    assert (await person.ask("undo")).response == "Taken back: call mom."
    again = await person.ask(MOM)

    assert "a moment ago" not in again.response
    assert len(engine.done) == 2


@pytest.mark.usefixtures("assistant")
async def test_what_was_taken_back_elsewhere_is_done_again(person: Person, engine: ActingEngine) -> None:
    await person.ask(MOM)
    engine.actions[0] = engine.actions[0].model_copy(update={"undone": True})

    assert "a moment ago" not in (await person.ask(MOM)).response
    assert len(engine.done) == 2


@pytest.mark.usefixtures("assistant")
async def test_several_acts_are_done_in_order_and_told_in_one_answer(person: Person, engine: ActingEngine) -> None:
    answer = await person.ask("both of them")

    assert [one.gist for one in engine.acts()] == ["one", "two"]
    assert answer.response.splitlines() == [
        "- Reminder 1: one, 2026-12-01T09:00.",
        "- Reminder 2: two, 2026-12-01T09:00.",
        "",
        "Say undo to take it all back.",
    ]


@pytest.mark.usefixtures("assistant")
async def test_a_question_back_leads_to_the_thing_by_the_next_sentence(person: Person, engine: ActingEngine) -> None:
    asked = await person.ask("Remind me to call mom")
    assert asked.response == "When?\n1. tomorrow at 9\n2. tonight"
    assert asked.asks == WHICH
    assert engine.done == []

    answer = await person.ask("at 9")
    assert answer.receipts[0].title == "call mom"
    assert engine.goals[GoalId(1)].goal.text == "Remind me to call mom (at 9)"
    assert answer.asks is None


async def test_a_question_back_is_answered_in_a_new_conversation_too_for_a_while(
    person: Person, engine: ActingEngine, assistant: FakeClock
) -> None:
    await person.ask("Remind me to call mom")
    person.conversation = None
    await person.ask("at 9")
    assert [one.gist for one in engine.acts()] == ["call mom"]

    await person.ask("Remind me to call mom")
    person.conversation = None
    assistant.elapse(601)
    await person.ask("at 9")
    assert len(engine.acts()) == 1


@pytest.mark.usefixtures("assistant")
async def test_who_says_something_else_after_a_question_back_is_taken_at_their_word(
    person: Person, engine: ActingEngine
) -> None:
    await person.ask("Remind me to call mom")
    await person.ask("Research bread ovens")
    assert engine.goals[GoalId(1)].goal.text == "Research bread ovens"


@pytest.mark.usefixtures("assistant")
async def test_a_question_back_may_be_left_open(person: Person, engine: ActingEngine, worker: ScriptedWorker) -> None:
    await person.ask("Remind me to call mom")
    assert (await person.ask("No")).response == "All right, nothing was done."
    assert (await person.ask("No")).response == "You said: No"
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
async def test_what_was_made_before_is_what_it_may_be(person: Person, engine: ActingEngine) -> None:
    await person.ask(MOM)
    await person.ask("What is Python?")
    await person.ask("Move it to 5")

    assert engine.acts()[-1].things == (Thing(kind=ThingKind.REMINDER, id="1", title="call mom"),)


@pytest.mark.usefixtures("assistant")
async def test_what_a_list_showed_last_is_spoken_of_in_its_order(person: Person, engine: ActingEngine) -> None:
    for text in ("Research bread", "Research ovens", "senter list my goals", "Move it to 5"):
        await person.ask(text)
    known = INTERPRETER.told[-1][2]
    assert [thing.id for thing in known.latest] == ["1", "2"]


@pytest.mark.usefixtures("assistant")
async def test_a_change_of_what_does_not_exist_changes_nothing_and_says_so(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    answer = await person.ask("Move it to 5")

    assert "Nothing was changed." in answer.response
    assert (engine.done, worker.requests) == ([], [])


@pytest.mark.usefixtures("assistant")
async def test_work_that_takes_long_is_told_by_its_number(person: Person) -> None:
    answer = await person.ask("Research bread ovens")

    assert answer.response == "Goal 1 is being worked on: Research bread ovens. See: senter goal show 1."
    assert answer.focus == "research"


@pytest.mark.usefixtures("assistant")
@pytest.mark.parametrize("lines", [2, 400])
async def test_what_came_of_work_is_shown_and_of_a_long_one_the_beginning(
    person: Person, engine: ActingEngine, lines: int
) -> None:
    engine.becomes = lambda goal: goal.model_copy(
        update={"status": Status.COMPLETED, "finished_at": DONE_AT, "results": ("/results/ovens.md",)}
    )
    engine.result = "\n".join(f"{line}. Ovens bake bread." for line in range(1, lines + 1))

    told, *rest = (await person.ask("Research bread ovens")).response.split("\n\n")
    assert told == "Goal 1 is done: Research bread ovens. Its result: /results/ovens.md."
    assert rest[0].startswith("1. Ovens bake bread.\n2. Ovens bake bread.")
    assert engine.result.startswith(rest[0])
    assert rest[1:] == ([] if lines == 2 else ["... the whole of it: senter result 1"])


@pytest.mark.usefixtures("assistant")
async def test_work_that_is_withdrawn_while_it_is_waited_for_is_cancelled(person: Person, engine: ActingEngine) -> None:
    await person.begin("Research bread ovens", "t1")
    async with asyncio.timeout(20):
        while not any(isinstance(command, AwaitGoal) for command in engine.heard):
            await asyncio.sleep(0)
    await person.stop("t1")

    assert [(change.goal_id, change.action) for change in engine.changes] == [(1, "cancel")]
    turn = await person.look("t1")
    assert (turn.state, "senter undo" in turn.error_hint) == (TurnState.CANCELLED, True)


@pytest.mark.usefixtures("assistant")
async def test_a_text_is_written_at_once_and_is_no_goal(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    answer = await person.ask("Write a haiku")

    assert (answer.response, answer.model) == ("You said: Write a haiku", "scripted")
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
async def test_what_waits_for_a_yes_is_told_exactly_and_how_to_give_it(person: Person, engine: ActingEngine) -> None:
    engine.becomes = lambda goal: goal.model_copy(update={"status": Status.WAITING})
    engine.waits = ("web_fetch needs to reach example.org. Decide with: senter approvals approve 7 (or deny)",)

    assert (await person.ask("Research bread ovens")).response == f"Goal 1 waits for you. {engine.waits[0]}."
    assert (await person.ask("senter what is waiting for me?")).response == f"- Goal 1: {engine.waits[0]}."


def failed(goal: GoalView) -> GoalView:
    return goal.model_copy(update={"status": Status.FAILED, "error": "The calendar cannot be written.", "receipts": ()})


@pytest.mark.usefixtures("assistant")
async def test_what_failed_is_said_not_to_be_done(person: Person, engine: ActingEngine) -> None:
    engine.becomes = failed
    answer = await person.ask(MOM)

    assert answer.response == f"Not done: {MOM}. The calendar cannot be written."
    assert answer.receipts == ()


@pytest.mark.usefixtures("assistant")
async def test_what_the_engine_refuses_is_said_not_to_be_done(person: Person, engine: ActingEngine) -> None:
    engine.failure = InvalidInput("Yesterday is over.", "Say another day.")

    assert (await person.ask(MOM)).response == "Not done: call mom. Yesterday is over. Say another day."


@pytest.mark.usefixtures("assistant")
async def test_an_act_and_a_question_are_both_answered(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    answer = await person.ask("mixed remind me to, and what is Python")

    assert answer.response.startswith("Reminder 1: call mom")
    assert answer.response.endswith("You said: what is Python")
    assert (answer.model, worker.requests[0].stream) == ("scripted", False)


@pytest.mark.usefixtures("assistant")
async def test_what_was_done_is_told_though_no_model_can_answer_the_rest(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    worker.failure = ModelUnavailable("The endpoint is down.", "Start it.")
    answer = await person.ask("mixed remind me to, and what is Python")

    assert answer.response.startswith("Reminder 1: call mom")
    assert answer.response.endswith('No answer to "what is Python": The endpoint is down. Start it.')
    assert len(answer.receipts) == 1


@pytest.mark.usefixtures("assistant")
async def test_questions_about_ones_own_are_never_put_to_a_model(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    engine.events = (event("Dentist", "2026-12-02T10:30:00+01:00", "2026-12-02T11:30:00+01:00"),)
    dentist = "Dentist, Wed 2 Dec 2026, 10:30-11:30, Europe/Berlin (calendar home)"

    answer = await person.ask("Mine what do I have on Wednesday")
    assert answer.response == f"{dentist}\n\nI could not look at reminders and jobs."
    answer = await person.ask("Mine when is my dentist appointment")
    assert answer.response.startswith(dentist)
    assert answer.sources[0].address == "event Dentist@test"
    assert (await person.ask("Mine when do I fly to Lisbon")).response.startswith("I found nothing")
    engine.events = ()
    assert "Nothing is in your calendar on Wed 2 Dec 2026." in (await person.ask("Mine what's on Wednesday")).response
    assert worker.requests == []


@pytest.mark.usefixtures("assistant")
async def test_what_ones_own_things_speak_of_is_quoted_and_else_anybody_may_answer(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    engine.events = (event("Tea with Anna Bell", "2026-12-02T15:00:00+01:00", "2026-12-02T16:00:00+01:00"),)
    tea = "Tea with Anna Bell, Wed 2 Dec 2026, 15:00-16:00, Europe/Berlin (calendar home)"

    assert (await person.ask("Open who is Anna?")).response == tea
    assert (await person.ask("Likely who is Anna?")).response == tea
    assert (await person.ask("Open when is tea with Anna?")).response == tea
    assert worker.requests == []
    assert (await person.ask("Open who is Bela?")).model == "scripted"
    assert (await person.ask("Likely who is Bela?")).model == "scripted"
    assert (await person.ask("What is Anna?")).model == "scripted"


@pytest.mark.usefixtures("assistant")
async def test_what_asks_on_about_ones_own_is_answered_from_there_and_else_by_the_model(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    engine.events = (event("Dentist", "2026-12-02T10:30:00+01:00", "2026-12-02T11:30:00+01:00"),)
    assert (await person.ask("Do I have a dentist appointment?")).response.startswith("Dentist, Wed 2 Dec")
    assert (await person.ask("And when is it?")).response.startswith("Dentist, Wed 2 Dec")
    assert (await person.ask("When?")).response.startswith("Dentist, Wed 2 Dec")
    assert worker.requests == []
    assert (await person.ask("Why do teeth hurt?")).model == "scripted"
    assert (await person.ask("And when is it?")).model == "scripted"


@pytest.mark.usefixtures("assistant")
async def test_questions_about_senter_are_answered_from_facts(person: Person, worker: ScriptedWorker) -> None:
    assert "Remind me" in (await person.ask("senter what can you do?")).response
    assert "Nothing waits for you." in (await person.ask("senter what is waiting for me?")).response
    await person.ask("Research bread ovens")
    assert "Goal 1: Research bread ovens" in (await person.ask("senter list my goals")).response
    assert (await person.ask("senter why is the sky blue?")).response.startswith("I have no facts")
    assert worker.requests == []


@pytest.mark.usefixtures("assistant")
@pytest.mark.parametrize(
    "text",
    [
        "Summarise this:\n\nremind me to call mom tomorrow at 9",
        "Mine what does this contract say?\n\nremind me to call mom at 9",
        "Remind me of all this. " * 100,
        "\n".join(["Summarise:", *(f"{number} remind me at 9" for number in range(20))]),
    ],
)
async def test_what_stands_in_a_text_to_read_is_nothing_to_do(person: Person, engine: ActingEngine, text: str) -> None:
    assert (await person.ask(text)).model == "scripted"
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
async def test_an_order_before_a_text_is_carried_out(person: Person, engine: ActingEngine) -> None:
    answer = await person.ask(f"{MOM}\n\nThanks,\nAnna")
    assert answer.response.startswith("Reminder 1: call mom")
    answer = await person.ask(f"{MOM}\n\n{'And there is more to say. ' * 10}")
    assert answer.response.startswith("Only the beginning of the text was taken for something to do. Reminder 2")


@pytest.mark.usefixtures("assistant")
async def test_nothing_is_done_by_a_guess(person: Person, engine: ActingEngine) -> None:
    assert (await person.ask("guess")).model == "scripted"
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
async def test_a_language_without_words_is_answered_and_nothing_is_done(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    answer = await person.ask("Wie heißt das?")

    assert answer.response.startswith("You said: Wie heißt das?\n\n")
    assert "auf Englisch" in answer.response
    assert (engine.done, answer.asks) == ([], None)


async def test_whoever_is_away_is_unknown_and_fails_no_answer(
    broker: MemoryBroker, person: Person, worker: ScriptedWorker, tmp_path: Path
) -> None:
    async with reading_assistant(broker, tmp_path, read):
        assert (await person.ask("What is Python?")).response == "You said: What is Python?"
        answer = await person.ask("Mine when do I fly to Lisbon")
        assert answer.response.startswith("I found nothing")
        answer = await person.ask("Mine what do I have on Wednesday")
        assert "Nothing is in your calendar" not in answer.response
        assert "I could not look at your calendar." in answer.response
        assert "could not look at" in (await person.ask("senter list my goals")).response


async def test_acts_that_a_process_left_are_done_once_and_as_they_were_read(
    broker: MemoryBroker, person: Person, engine: ActingEngine, worker: ScriptedWorker, tmp_path: Path
) -> None:
    clock = FakeClock(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    engine.becomes = lambda goal: goal.model_copy(update={"status": Status.IN_PROGRESS, "finished_at": None})
    engine.release.clear()
    async with reading_assistant(broker, tmp_path, read, clock=clock):
        await person.begin(MOM, "t1")
        async with asyncio.timeout(20):
            while not engine.done:
                await clock.advance(0.0)
    engine.release.set()
    later = FakeClock(datetime(2026, 12, 24, 9, 0, tzinfo=UTC))
    async with reading_assistant(broker, tmp_path, read, clock=later):
        async with asyncio.timeout(20):
            while not (turn := await person.look("t1")).response:
                await later.advance(0.0)
    assert turn.response.startswith("Senter was restarted in between; this was done once.")
    assert "Reminder 1: call mom" in turn.response
    assert INTERPRETER.told == []
    assert len(engine.done) == 1


@pytest.mark.usefixtures("assistant")
async def test_a_chat_makes_what_it_asks_for_and_answers_a_question_back(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    asked = await person.chat("Remind me to call mom")
    assert (asked.text, asked.model) == ("When?\n1. tomorrow at 9\n2. tonight", "rules")
    made = await person.chat("Remind me to call mom", asked.text, "at 9", name="chat2")
    assert made.text.startswith("Reminder 1: call mom")
    again = await person.chat("Remind me to call mom", asked.text, "at 9", name="chat3")
    assert again.text.startswith("You said this a moment ago")
    assert (len(engine.done), worker.requests) == (1, [])


@pytest.mark.usefixtures("assistant")
@pytest.mark.parametrize(
    "said", ["### Task:\nremind\n<chat_history>\nUSER: x\n</chat_history>", "user: Remind me to call mom at 9"]
)
async def test_what_a_program_says_of_a_chat_is_nothing_to_do(
    person: Person, engine: ActingEngine, worker: ScriptedWorker, said: str
) -> None:
    assert (await person.chat(said)).text == f"You said: {said}"
    assert (await person.chat(MOM, name="c2", response_schema={"type": "object"})).text == f"You said: {MOM}"
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
async def test_understanding_does_nothing(person: Person, engine: ActingEngine) -> None:
    assert [one.gist for one in await person.understand(MOM)] == ["call mom"]
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
async def test_a_mail_is_written_at_once_and_said_to_be_a_draft(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    worker.capable = True
    worker.answer = lambda request: "Dear Ida, we come at 15:30."
    answer = await person.ask("Draft a mail to Ida that we come at 15:30")

    assert answer.response.startswith("Dear Ida, we come at 15:30.\n\nA draft: nothing was sent.")
    assert "Subject:" in worker.requests[0].messages[-1].content
    assert engine.done == []


@pytest.mark.usefixtures("assistant")
@pytest.mark.parametrize("written", ["Dear Eva, we come.", None])
async def test_a_mail_that_leaves_something_out_or_that_nobody_writes_is_made_of_the_words(
    person: Person, worker: ScriptedWorker, written: str | None
) -> None:
    worker.capable = True
    worker.answer = lambda request: written or ""
    worker.failure = None if written else ModelUnavailable("It is down.")
    answer = await person.ask("Draft a mail to Ida that we come at 15:30")

    assert "Dear Ida,\n\nI would like to let you know that we come at 15:30." in answer.response
    assert answer.model == "rules"


@pytest.mark.usefixtures("assistant")
@pytest.mark.parametrize(
    "said",
    [
        "Draft a mail to Ida about the roof",
        "jot me down a packing list for a two day hike",
        "What should go on my packing list for a fair? Write it down for me.",
    ],
)
async def test_texts_are_not_left_to_a_model_that_invents(
    person: Person, engine: ActingEngine, worker: ScriptedWorker, said: str
) -> None:
    worker.answer = lambda request: "- ski\n" * 20
    answer = await person.ask(said)

    assert any(words in answer.response for words in ("Dear Ida,", "- hiking boots", "- business cards"))
    assert (answer.model, answer.asks, worker.requests, engine.done) == ("rules", None, [], [])


@pytest.mark.usefixtures("assistant")
async def test_a_week_is_planned_at_once_by_what_stands_in_it(
    person: Person, engine: ActingEngine, worker: ScriptedWorker
) -> None:
    engine.events = (event("Choir", "2026-12-01T19:30:00+00:00", "2026-12-01T21:00:00+00:00"),)
    answer = await person.ask("Plan my week")

    assert "Tue 1 Dec 2026:\n- Choir, " in answer.response
    assert answer.response.count("free: ") == 7
    assert (worker.requests, engine.done) == ([], [])


@pytest.mark.usefixtures("assistant")
@pytest.mark.parametrize(
    ("said", "day", "parts"),
    [
        ("Give me my morning briefing", "", ""),
        ("What does my day look like?", "", ""),
        ("What did you find out?", "", "found"),
        ("What did you find out yesterday?", "2026-11-29", "found"),
    ],
)
async def test_the_digest_answers_who_asks_for_it_in_plain_words(
    broker: MemoryBroker, person: Person, worker: ScriptedWorker, said: str, day: str, parts: str
) -> None:
    asked: list[GetDigest] = []

    async def digest(command: GetDigest) -> DigestReply:
        asked.append(command)
        summary = "Today, Mon 30 Nov 2026\n- 09:00 Stand-up"
        facts: dict[str, object] = {
            "type": "daily",
            "period_hours": 24,
            "activity_count": 0,
            "by_type": {},
            "generated_at": utc_now(),
        }
        return DigestReply.model_validate({**facts, "summary": summary})

    reporter = broker.bus(REPORTER, Manifest(receives=(GetDigest,)))
    await reporter.serve(GetDigest, digest)
    answer = await person.ask(said)
    await reporter.close()

    assert "- 09:00 Stand-up" in answer.response
    assert [(each.day, each.parts) for each in asked] == [(day, parts)]
    assert worker.requests == []


@pytest.mark.usefixtures("assistant")
async def test_a_sum_that_no_table_of_the_users_tells_is_work(person: Person, engine: ActingEngine) -> None:
    await person.ask("Add up the amounts in other.csv")
    assert len(engine.done) == 1
