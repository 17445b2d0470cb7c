"""Mails that are asked for as such: the newest first, of the time that is asked about, with how each begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.assistant.mine.question import read_question
from tests.support.papers_room import room_over

HEAD = "From: {who} <x@example.org>\nTo: kim@example.org\nDate: {day} 10:00:00 +0100\nSubject: {subject}\n"
MAIL = HEAD + "\nHi Kim,\n\n{said}\n"
MAILS = (
    ("a.eml", "Joan Petty", "Tue, 24 Nov 2026", "Poster", "Please make the date bigger."),
    ("b.eml", "Joan Petty", "Wed, 02 Sep 2026", "Budget", "We can spend 900 euros."),
    ("c.eml", "Ivo Lang", "Wed, 25 Nov 2026", "About Joan", "She is ill."),
)


async def test_mails_of_somebody_are_listed_and_those_of_a_time_alone_where_it_is_named(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for name, who, day, subject, said in MAILS:
        (papers / name).write_text(MAIL.format(who=who, day=day, subject=subject, said=said))
    async with room_over(tmp_path, papers) as room:
        all_of_them = await room.find("any mail from joan?")
        last_week = await room.find("mails from joan last week")
        in_july = await room.find("mails from joan in july 2026")

    assert [one.source for one in all_of_them.answers] == ["a.eml", "b.eml"]
    line = all_of_them.answers[0].quote.rpartition(" (")[0]
    expected = 'Tue 24 Nov 2026, from Joan Petty: "Poster". It begins: "Please make the date bigger."'
    assert line == expected
    assert [one.source for one in last_week.answers] == ["a.eml"]
    assert (in_july.answers, [one.source for one in in_july.nearest]) == ((), ["a.eml", "b.eml"])


@pytest.mark.parametrize(
    "text", ["mails from joan", "did joan write", "show me the latest mail from joan", "any new messages from the bank"]
)
def test_mails_are_asked_for(text: str) -> None:
    assert read_question(text, text).lists_mails


@pytest.mark.parametrize(
    "text", ["what did joan write about the poster", "write a mail to joan", "when does the mail come"]
)
def test_what_a_mail_says_is_another_question(text: str) -> None:
    assert not read_question(text, text).lists_mails
