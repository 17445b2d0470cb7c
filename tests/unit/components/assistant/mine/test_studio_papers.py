"""Another family's papers, a designer's, in German and English: questions typed at the front door, as others word them.

Floors a little below what `bench/papers.py` reaches on a machine with nothing else to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.front_door import front_door, not_right
from tests.support.household import STUDIO, paper_texts, studio_questions, write_studio_papers

SOURCE_FIRST, SENTENCE_SHOWN = 0.8, 0.76


def test_the_set_is_whole() -> None:
    questions, texts = studio_questions(), paper_texts(STUDIO / "papers")
    assert len(texts) >= 30
    assert all(question.declines or question.sources for question in questions)
    assert {source for question in questions for source in question.sources} <= set(texts)


async def test_most_are_answered_from_the_right_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senter.components.assistant.own_answers.SURE_LOOK_SECONDS", 5.0)
    questions = [question for question in studio_questions() if not question.held]
    async with front_door(tmp_path, write_studio_papers) as door:
        not_first, not_shown = await not_right(door, questions)

    assert len(not_first) <= (1 - SOURCE_FIRST) * len(questions), not_first
    assert len(not_shown) <= (1 - SENTENCE_SHOWN) * len(questions), not_shown
