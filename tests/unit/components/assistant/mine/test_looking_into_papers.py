"""What is shown of papers beside the sentence that answers: what tells more, what was looked into, and what is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.assistant.mine.papers import SearchedPapers, found_papers
from senter.components.assistant.own_answers import quoted
from senter.components.assistant.own_things import FoundThings
from senter.messages.documents import Passage
from tests.support.papers_room import room_over

PAPERS = {
    "inn.txt": "Inn at the Lake\n\nA room for two from 3 to 7 May.\n\nThe price is 412 euros.\n",
    "busch.txt": "Busch GmbH\n\nInvoice 7\n\nRepair of a burst pipe in the bathroom\n\nTotal: 214.80 euros\n",
    "cats.txt": "House rules\n\nThe deposit is 700 euros.\n\nDogs need consent. Bicycles cost nothing.\n",
    "golf.txt": "Golf\n\nThe Alba insurance of the Golf costs 480 euros a year.\n",
    "polo.txt": "Polo\n\nThe Berg insurance of the Polo costs 39.50 euros a month.\n",
    "seat.txt": "Seat\n\nThe Corso insurance of the Seat costs 391.50 euros a year.\n",
    "letter.eml.txt": "From: Ole Berg <o@example.org>\nTo: Jo\nSubject: Sailing\nDate: 7 Sep 2026\n\nHello Jo,\n\n"
    "it begins in April and takes eight evenings.\n\nOle\n",
    "novel.txt": "Ole went sailing and wrote nothing for a year.\n",
    "ship/passport scan.png": "\x89PNG",
    "ship/IMG_1.png": "\x89PNG",
}


async def ask(home: Path, question: str) -> FoundThings:
    papers = home / "papers"
    for name, text in PAPERS.items():
        path = papers / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
    async with room_over(home, papers) as room:
        return await room.find(question)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("how much did the burst pipe cost", "Repair of a burst pipe in the bathroom … Total: 214.80 euros"),
        ("what does the inn at the lake cost", "The price is 412 euros."),
        ("what did Ole write about sailing", "it begins in April and takes eight evenings."),
    ],
)
async def test_what_names_the_thing_goes_with_what_tells_it(tmp_path: Path, question: str, quote: str) -> None:
    assert quote in (await ask(tmp_path, question)).answers[0].quote


async def test_a_price_of_something_else_is_not_put_beside_a_word(tmp_path: Path) -> None:
    assert not any("700" in one.quote for one in (await ask(tmp_path, "what do I pay for dogs")).answers)


@pytest.mark.parametrize(
    ("question", "first", "verdict"),
    [
        ("which is cheaper, the Golf or the Seat", "391.50", "Less: Seat, 88.50 EUR less than Golf."),
        ("is the Golf cheaper than the Seat", "391.50", "Less: Seat, 88.50 EUR less than Golf."),
        ("which is cheaper, the Golf or the Polo", "39.50", "They are for different times and are not compared."),
    ],
)
async def test_prices_of_two_papers_are_compared_where_they_can_be(
    tmp_path: Path, question: str, first: str, verdict: str
) -> None:
    found = await ask(tmp_path, question)
    assert first in found.answers[0].quote
    assert found.total == verdict


async def test_where_nothing_is_found_it_is_said_how_far_papers_were_looked_into(tmp_path: Path) -> None:
    text = quoted(await ask(tmp_path, "when does the zeppelin arrive")).text
    assert "I looked through 8 papers. 2 images and scans are not read." in text
    about = quoted(await ask(tmp_path, "when was the passport issued")).text
    assert f"{tmp_path}/papers/ship/passport scan.png may be about it: images and scans are not read." in about


async def test_what_stands_in_a_folder_that_is_away_says_so(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "inn.txt").write_text(PAPERS["inn.txt"])
    async with room_over(tmp_path, papers) as room:
        papers.rename(tmp_path / "pulled out")
        found = await room.find("what is the price of the inn")
        nothing = await room.find("when does the zeppelin arrive")
    assert found.answers[0].quote.endswith("inn.txt, not there now)")
    assert f"{papers} is not there now: only what was read of it before was found." in quoted(nothing).text


def test_a_paper_that_the_search_calls_away_is_marked_too() -> None:
    passage = Passage(path="/stick/inn.txt", title="inn (not there now)", excerpt="", score=1, text="A room is free.")
    [piece] = found_papers(SearchedPapers((passage,), (), 1), None).pieces
    assert piece.quoted.quote == '"A room is free." (/stick/inn.txt, not there now)'
