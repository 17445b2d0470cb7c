"""Over the two hundred questions of `tests/sets/papers.jsonl`: floors a little below what `bench/papers.py` reaches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from senter.messages.query import Quoted
from tests.support.household import PaperQuestion, paper_questions, paper_texts, shown
from tests.support.paper_search import PaperSearch
from tests.support.papers_room import papers_room

QUESTIONS, PAPERS = 200, 60
SOURCE_FIRST, SENTENCE_SHOWN = 0.87, 0.78


def test_the_set_is_whole_and_half_of_it_is_held_back() -> None:
    questions, texts = paper_questions(), paper_texts()
    assert (len(questions), sum(question.held for question in questions)) == (QUESTIONS, QUESTIONS / 2)
    assert len(texts) >= PAPERS
    assert all(question.declines or question.sources for question in questions)
    assert {source for question in questions for source in question.sources} <= set(texts)


@pytest.mark.parametrize("held", [True, False])
async def test_the_right_paper_comes_first_and_more_often_than_by_search_alone(tmp_path: Path, held: bool) -> None:
    peer, questions = PaperSearch(paper_texts()), [one for one in paper_questions() if one.held == held]
    firsts, showns, by_search = list[bool](), list[bool](), list[bool]()
    async with papers_room(tmp_path) as room:
        for question in questions:
            found = await room.find(question.text)
            quotes: Sequence[Quoted] = found.answers if question.declines else shown(found)
            firsts.append(question.is_right_first(quotes))
            showns.append(question.is_shown(quotes, found.total))
            by_search.append(question.is_right_first(peer.find(question.text)))

    assert sum(firsts) / len(questions) >= SOURCE_FIRST, _wrong(questions, firsts)
    assert sum(showns) / len(questions) >= SENTENCE_SHOWN, _wrong(questions, showns)
    assert sum(firsts) > sum(by_search)


def _wrong(questions: Sequence[PaperQuestion], right: Sequence[bool]) -> list[str]:
    return [question.id for question, is_right in zip(questions, right, strict=True) if not is_right]
