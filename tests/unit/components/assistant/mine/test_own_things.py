"""The sentence that answers comes first, over the questions of `own_questions.py`; and what must hold of answers."""

from __future__ import annotations

from pathlib import Path

import pytest

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
        await _what_a_stretch_of_time_holds_is_for_certain_what_is_asked(room)
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


async def _what_a_stretch_of_time_holds_is_for_certain_what_is_asked(room: OwnRoom) -> None:
    for question in ("What is on next week?", "what's happening this week", "is anything planned in December?"):
        assert (await room.find(question)).is_sure, question
    assert not (await room.find("What day is next Friday?")).is_sure


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


PAPERS = {
    "invoices.csv": """\
number,date,customer,amount,status
7,2026-10-02,Falk,1280.00,paid
8,2026-11-12,Seeblick,2150.00,unpaid
9,2026-11-24,Krause,275.00,unpaid
""",
    "bills.csv": "date,payee,amount,paid\n2026-11-12,Stadtwerke,74.50,no\n2026-11-21,Kette,62.00,yes\n",
    "soup.md": "# Soup\n\n## Ingredients\n\n- 300 g lentils\n- 2 carrots\n- 1 onion\n",
    "house-insurance.txt": """\
Dear Jo,

your house insurance is renewed on 1 January 2027. The premium rises to 91.20 EUR. The sum insured is 45,000 EUR.
""",
    "trip.md": """\
# Lisbon

## Out
- Saturday 12 December 2026: TAP TP 583, BER 11:05

## Hotel
Casa Azul, Rua Nova 3.
""",
    "hotel.txt": "Meeting\n\nNext meeting: 10 December, 14:00, at the hotel.\n",
}


@pytest.mark.parametrize(
    ("question", "quotes", "lacks"),
    [
        ("which invoices are still unpaid?", ("Seeblick", "Krause"), ("Falk", "Kette")),
        ("what do i owe", ("Stadtwerke",), ("Seeblick", "Kette")),
        ("who owes me money", ("Seeblick", "Krause"), ("Stadtwerke", "Falk")),
        ("how much do i owe in total", ("74.50",), ()),
        ("whats in the soup", ("300 g lentils; 2 carrots; 1 onion",), ()),
        ("how much does the house insurance cost", ("91.20",), ("45,000",)),
        ("when's my flight to lisbon", ("TAP TP 583",), ("Casa",)),
        ("and the hotel?", ("Casa Azul",), ("meeting",)),
    ],
)
async def test_papers_are_asked_about_in_other_words_than_theirs(
    tmp_path: Path, question: str, quotes: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    for name, text in PAPERS.items():
        path = tmp_path / "papers" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    async with own_room(tmp_path) as room:
        answers = (await room.find(question, frozenset({str(tmp_path / "papers" / "trip.md")}))).answers
    found = " ".join(answer.quote for answer in answers)
    assert all(quote in found for quote in quotes), found
    assert not any(quote in found for quote in lacks), found
