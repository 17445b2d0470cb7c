from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog

from senter.component.testing import FakeClock
from senter.components.assistant.conversations import ConversationStore, NewTurn, StoredTurn
from senter.components.assistant.mine.question import read_question
from senter.components.assistant.mine.talk import EarlierTalk, tells
from senter.messages.query import QueryAnswer, QueryId
from senter.store.database import Database

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(tmp_path) as opened:
        yield opened


def open_database(folder: Path) -> Database:
    return Database.open(
        folder / "conversations.db",
        migrations="senter.components.assistant",
        snapshots=folder / "snapshots",
        clock=FakeClock(),
        log=structlog.stdlib.get_logger(),
    )


def say(database: Database, text: str, *, answer: str = "Noted.") -> StoredTurn:
    store = ConversationStore(database, FakeClock())
    turn = store.begin_turn(NewTurn(QueryId(f"q{hash(text)}"), text))
    if answer:
        reply = QueryAnswer(
            query_id=turn.query_id,
            conversation_id=turn.conversation_id,
            response=answer,
            focus="general",
            model="scripted",
            latency_seconds=0.5,
            degraded=False,
            tokens=1,
        )
        store.answer_turn(reply, lambda _: None)
    return turn


def found(database: Database, *words: str) -> list[str]:
    return [candidate.text for candidate in EarlierTalk(database).find(words, BERLIN)]


def test_what_was_said_is_found_by_its_words_in_any_form(database: Database) -> None:
    say(database, "The boiler knocks. I called Heinz.")

    assert found(database, "knocking") == ["The boiler knocks.", "I called Heinz."]
    [first, _] = EarlierTalk(database).find(("boiler",), BERLIN)
    assert first.quoted.quote == 'You said on Thu 1 Jan 2026, 01:00, Europe/Berlin: "The boiler knocks."'


def test_questions_and_what_a_model_wrote_are_not_what_was_said(database: Database) -> None:
    say(database, "When do I fly to Lisbon? Tell me when I fly to Lisbon.", answer="You fly to Lisbon on Monday.")

    assert found(database, "Lisbon", "fly") == []


def test_what_is_being_asked_now_is_not_found(database: Database) -> None:
    say(database, "My boiler is loud.", answer="")

    assert found(database, "boiler") == []


def test_a_deleted_conversation_leaves_no_word(database: Database) -> None:
    turn = say(database, "The secret is quarzuhr.")
    ConversationStore(database, FakeClock()).delete(turn.conversation_id)

    assert found(database, "quarzuhr") == []
    blocks = database.rows("SELECT block FROM said_data", (), bytes)
    assert not any(b"quarzuhr" in block for block in blocks)


@pytest.mark.parametrize(
    ("said", "does"),
    [
        ("The boiler was repaired by Heinz in May.", True),
        ("note that the boiler knocks at night", True),
        ("whats with the boiler", False),
        ("sum of the boiler invoices", False),
        ("boiler", False),
        ("Remind me on Friday to call about the boiler.", False),
        ("delete all my boiler reminders", False),
        ("boiler, knocking", False),
    ],
)
def test_only_what_tells_more_than_is_asked_answers(said: str, does: bool) -> None:
    now = datetime(2026, 11, 30, 10, tzinfo=BERLIN)
    assert (
        tells(said, read_question("Why was the boiler knocking?", "Why was the boiler knocking?"), now, BERLIN) is does
    )


@pytest.mark.parametrize("word", ['"', "AND", "*", "a'b", "NEAR(", "-"])
def test_any_word_may_be_looked_for(database: Database, word: str) -> None:
    say(database, "Nothing of the kind.")

    assert found(database, word) == []


def test_what_was_said_is_found_again_after_the_database_was_damaged(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        say(database, "The boiler knocks.")
    with (tmp_path / "conversations.db").open("r+b") as file:
        file.write(bytes(100))
    with open_database(tmp_path) as database:
        assert database.recovered
        assert found(database, "boiler") == ["The boiler knocks."]
