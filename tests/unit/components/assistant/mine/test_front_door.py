"""Questions typed at the front door: one's own papers answer them as they do when they are looked up, and no others."""

from __future__ import annotations

from pathlib import Path

from tests.support.front_door import front_door
from tests.support.household import paper_questions

SOURCE_FIRST, SENTENCE_SHOWN = 0.9, 0.88


async def test_most_questions_about_papers_are_answered_from_them(tmp_path: Path) -> None:
    questions = [one for one in paper_questions() if not one.held]
    async with front_door(tmp_path) as door:
        answered = [await door.ask(question.text) for question in questions]

    pairs = list(zip(answered, questions, strict=True))
    not_first = [question.id for answer, question in pairs if not answer.is_right_first(question)]
    not_shown = [question.id for answer, question in pairs if not answer.is_shown(question)]
    assert len(not_first) <= (1 - SOURCE_FIRST) * len(questions), not_first
    assert len(not_shown) <= (1 - SENTENCE_SHOWN) * len(questions), not_shown
