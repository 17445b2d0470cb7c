"""A third family's papers, with a choir's accounts and a tenancy: questions typed at the front door, in two languages.

A floor a little below what `bench/papers.py` reaches on a machine with nothing else to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.front_door import MODEL_SAYS, front_door, not_right
from tests.support.household import TREASURER, paper_texts, treasurer_questions, write_treasurer_papers

SOURCE_FIRST, SENTENCE_SHOWN = 0.88, 0.84
OF_THE_WORLD = """
how long does it take to learn the piano
what is a good price for a gravel bike
how much does a choir conductor earn
how often should you descale a coffee machine
how much rent is normal in london
how long does paint take to dry
how many calories are in peanut butter
can cats eat peanut butter
how does a boiler work
wie lange kocht man eier
was ist eine kündigungsfrist
wie weit ist es nach amrum
"""


@pytest.fixture(autouse=True)
def waiting_for_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senter.components.assistant.own_answers.SURE_LOOK_SECONDS", 5.0)


def test_the_set_is_whole() -> None:
    questions, texts = treasurer_questions(), paper_texts(TREASURER / "papers")
    assert len(texts) >= 15
    assert all(question.declines or question.sources for question in questions)
    assert {source for question in questions for source in question.sources} <= set(texts)


async def test_most_are_answered_from_the_right_paper(tmp_path: Path) -> None:
    questions = [question for question in treasurer_questions() if not question.held]
    async with front_door(tmp_path, write_treasurer_papers) as door:
        not_first, not_shown = await not_right(door, questions)
        of_the_world = [(await door.ask(text)).turn.response for text in OF_THE_WORLD.strip().splitlines()]

    assert len(not_first) <= (1 - SOURCE_FIRST) * len(questions), not_first
    assert len(not_shown) <= (1 - SENTENCE_SHOWN) * len(questions), not_shown
    assert set(of_the_world) == {MODEL_SAYS}
