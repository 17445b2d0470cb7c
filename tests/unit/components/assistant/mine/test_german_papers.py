"""Questions in German over German papers and English ones: the right paper comes first, the right sentence is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from senter.messages.query import Quoted
from senter.sentences import speaking
from tests.support.household import german_questions, shown, write_german_papers
from tests.support.papers_room import papers_room, room_over

ABOUT_ENGLISH_PAPERS = {
    "Wie hoch ist unsere Miete?": "The rent is 930 euros",
    "Wann ist die Klassenfahrt in den Harz?": "14 to 18 June 2027",
    "Wann fährt der Zug nach Hamburg?": "departs at 09:24",
    "Wie hoch ist die Selbstbeteiligung bei der Allianz?": "300 euros",
    "Wie viele Urlaubstage hat Clara?": "29 days",
    "Was haben wir 2026 für Benzin bezahlt?": "314,40 EUR ausgegeben, die Summe von",
}
QUESTIONS = 52
SOURCE_FIRST, SENTENCE_SHOWN = 0.8, 0.8


async def test_the_right_paper_comes_first_and_its_sentence_is_shown(tmp_path: Path) -> None:
    questions, papers = german_questions(), tmp_path / "papers"
    wrong, hidden = list[str](), list[str]()
    write_german_papers(papers)
    with speaking("de"):
        async with room_over(tmp_path, papers) as room:
            for question in questions:
                found = await room.find(question.text)
                quotes: Sequence[Quoted] = shown(found)
                wrong += [] if question.is_right_first(quotes) else [question.id]
                hidden += [] if question.is_shown(quotes, found.total) else [question.id]

    assert len(questions) == QUESTIONS
    assert 1 - len(wrong) / len(questions) >= SOURCE_FIRST, wrong
    assert 1 - len(hidden) / len(questions) >= SENTENCE_SHOWN, hidden


async def test_papers_in_english_answer_questions_in_german(tmp_path: Path) -> None:
    with speaking("de"):
        async with papers_room(tmp_path) as room:
            firsts = {asked: (await room.find(asked)).answers[:1] for asked in ABOUT_ENGLISH_PAPERS}

    assert [asked for asked, said in ABOUT_ENGLISH_PAPERS.items() if said not in str(firsts[asked])] == []
