"""Questions typed at the front door: papers answer what is about them, and a model what anybody may know."""

from __future__ import annotations

from pathlib import Path

from tests.support.front_door import MODEL_SAYS, front_door, not_right
from tests.support.household import paper_questions

SOURCE_FIRST, SENTENCE_SHOWN = 0.9, 0.88


async def test_most_questions_about_papers_are_answered_from_them(tmp_path: Path) -> None:
    questions = [one for one in paper_questions() if not one.held]
    async with front_door(tmp_path) as door:
        not_first, not_shown = await not_right(door, questions)

    assert len(not_first) <= (1 - SOURCE_FIRST) * len(questions), not_first
    assert len(not_shown) <= (1 - SENTENCE_SHOWN) * len(questions), not_shown


OWN = """
christmas concert time | choir_dates.ics
number plate of the golf | allianz_car.pdf
dishwasher error E24 | dishwasher_manual.md
tax refund 2024 | tax_notes.md
phone number of anna lorenz | contacts.vcf
please look up the booking code for crete | booking_kreta.eml
what should I bring to the party | anna_party.eml
what do I need to pack for crete | packing_list.md
mia maths grade | report_mia_2026.pdf
how hot do you bake spelt rolls | bread_book.epub
when is hay fever season for theo | allergies.txt
is roaming free in the EU | mobile_final.txt
what is the budget of aurora | kickoff_lens_project.pptx
may I take a second job | employment_brandt.pdf
"""
OF_THE_WORLD = """
what is the capital of France
who painted the Mona Lisa
Who wrote Anna Karenina?
What is Thursday named after?
what is hay fever
what does GmbH mean
when is Christmas
what is the speed of light
how much does a car cost
how much sugar is in an apple
which insurance do I need for a car
How often should a boiler be serviced?
What should be on an invoice?
What does it mean when a lease ends?
Can I cancel a contract by email?
"""


async def test_few_words_lists_and_torn_questions_reach_the_papers_that_name_what_they_name(tmp_path: Path) -> None:
    asked = [line.split(" | ") for line in OWN.strip().splitlines()]
    async with front_door(tmp_path) as door:
        answered = [(paper, (await door.ask(text)).quotes) for text, paper in asked]

    assert [(quotes[0].address if quotes else "").rpartition("/")[2] for _, quotes in answered] == [
        paper for paper, _ in answered
    ]


async def test_what_anybody_may_know_is_for_the_model_though_papers_have_some_of_its_words(tmp_path: Path) -> None:
    asked = OF_THE_WORLD.strip().splitlines()
    async with front_door(tmp_path) as door:
        answered = [(text, (await door.ask(text)).turn.response) for text in asked]

    assert answered == [(text, MODEL_SAYS) for text in asked]
