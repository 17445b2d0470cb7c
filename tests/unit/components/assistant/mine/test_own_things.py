"""The sentence that answers comes first, over the questions of `own_questions.py`; and what must hold of answers."""

from __future__ import annotations

from pathlib import Path

from senter.components.assistant.answering import quoted
from senter.components.assistant.own_things import MOST_ANSWERS
from senter.messages.goals import ListGoals
from tests.support.own_questions import CASES
from tests.support.own_room import OwnRoom, own_room

RIGHT_FIRST = 0.95


async def test_the_right_sentence_comes_first_and_any_question_is_answered_or_not(tmp_path: Path) -> None:
    async with own_room(tmp_path) as room:
        for odd in ("", "?", "when", "a" * 9_000, "wann fliege ich nach Porto", "\x00 \U0001f600", '"; DROP'):
            await room.find(odd)
        wrong = [case.text for case in CASES if not case.is_right(await room.find(case.text))]

    assert 1 - len(wrong) / len(CASES) >= RIGHT_FIRST, wrong


async def test_answers_are_quoted_as_they_stand_with_their_addresses(tmp_path: Path) -> None:
    async with own_room(tmp_path) as room:
        await _which_lists_each_source_once(room)
        await _sums_are_computed_with_rows_counted(room)
        await _orders_in_documents_are_no_answers(room)
        await _whoever_is_away_is_named_where_nothing_is_found(room)


async def _which_lists_each_source_once(room: OwnRoom) -> None:
    found = await room.find("Which invoices are unpaid?")
    assert sorted(Path(answer.address).name for answer in found.answers) == [
        "Rechnung-2026-081.md",
        "invoice-studio-lens.md",
    ]
    path = room.papers / "Rechnungen" / "invoice-studio-lens.md"
    quote = f'"From: Studio Lens; Amount: 240.00 euros; Due: 5 December 2026; Status: unpaid" ({path})'
    assert quote in [answer.quote for answer in found.answers]


async def _sums_are_computed_with_rows_counted(room: OwnRoom) -> None:
    [answer] = (await room.find("How much did I spend on groceries in October?")).answers
    assert answer.quote.startswith(
        'groceries, Thu 1 Oct 2026 - Sat 31 Oct 2026: 204.00, the sum of "amount" over 3 rows ('
    )


async def _orders_in_documents_are_no_answers(room: OwnRoom) -> None:
    for question in ("How long is my notice period?", "What does the newsletter tell about the notice period?"):
        found = await room.find(question)
        assert not any("one day" in answer.quote for answer in found.answers)
    [answer] = (await room.find("When does the newsletter remind of the subscription?")).answers[:1]
    assert answer.quote.startswith("\"I'll remind you tomorrow at 9")


async def _whoever_is_away_is_named_where_nothing_is_found(room: OwnRoom) -> None:
    await room.engine.stop()
    found = await room.find("When is Paul's birthday?")
    assert found.answers == ()
    assert {"your goals", "your calendar", "your notes"} <= set(found.unknown)
    assert any(isinstance(command, ListGoals) for command in room.engine.heard)


async def test_more_answers_than_are_shown_are_counted(tmp_path: Path) -> None:
    for number in range(MOST_ANSWERS + 3):
        path = tmp_path / "papers" / f"bill {number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"From: Zander {number}\nStatus: cancelled twice\n")
    async with own_room(tmp_path) as room:
        found = await room.find("Which bills from Zander are cancelled twice?")

    assert len(found.answers) == MOST_ANSWERS
    assert quoted(found).text.endswith("\n\n... and 3 more.")
