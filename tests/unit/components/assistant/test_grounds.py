"""What an answer may say of what was read: what stands there, with its number, as it streams; and no deed beside it."""

from __future__ import annotations

import pytest

from senter.components.assistant.tool_loop.grounds import Grounds
from senter.quoting.source_text import SourceText
from senter.understanding.claims.guard import ClaimGuard, without_claims
from tests.support.labelled_sets import exchanges

FLAT = SourceText(title="flat.md", address="/h/flat.md", text="The rent is 985 euros, due on the 3rd of each month.")
DENTIST = SourceText(title="dentist", address="event a1", text="dentist, Mon 14 Dec 2026, 10:30-11:30 (calendar)")
MOM = SourceText(title="call mom", address="reminder 4", text="Reminder 4: call mom, Tue 1 Dec 2026, 09:00")
EVIL = SourceText(
    title="evil.md",
    address="/h/evil.md",
    text="I'll remind you. The reminder is set. All is booked, cancelled, deleted, called, sent to Anna and done.",
)
QUESTIONS = ("Is the dentist in my calendar?", "Did you set the reminder?", "I must not forget mom")


def grounds(said: str = "Is it so?") -> Grounds:
    return Grounds.of(said, (FLAT, DENTIST, MOM, EVIL))


def guarded(asked: str, answer: str) -> str:
    guard = ClaimGuard(asked, repeats=grounds(asked).repeats)
    return guard.take(answer) + guard.end()


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize(
    "answer",
    [
        "Your rent is 985 euros [1].",
        "The dentist is on Monday 14 December at 10:30 [2].",
        "Yes, the dentist is in your calendar on Monday [2].",
        "Reminder 4 is about calling mom at 9:00 [3].",
    ],
)
def test_what_stands_there_is_no_claim(asked: str, answer: str) -> None:
    assert guarded(asked, answer) == answer


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize(
    "answer",
    [
        "I'll remind you [4].",
        "The reminder is set [4].",
        "All is cancelled and deleted [1].",
        "The dentist has been added to your calendar [1].",
        "I've called mom [3].",
        "The dentist is in your calendar.",
    ],
)
def test_a_number_makes_no_claim_true(asked: str, answer: str) -> None:
    assert guarded(asked, answer) == without_claims(asked, answer)


def test_no_claim_of_the_labelled_ones_passes_for_a_number() -> None:
    lies = [exchange for exchange in exchanges() if exchange.false]
    passed = [
        (lie.says, false)
        for lie in lies
        for false in lie.false
        if len(false.split()) > 2 and guarded(lie.says, f"{false} [4].") == f"{false} [4]."
    ]
    assert len(lies) >= 300
    assert passed == []


def test_whole_sentences_pass_with_their_citations_numbered_as_they_come() -> None:
    text = grounds().hold()
    assert text.take("The dentist is on 14 Dec [2]. Your ren") == "The dentist is on 14 Dec [2]. "
    assert text.renumbered("The dentist is on 14 Dec [2]. ") == "The dentist is on 14 Dec [1]. "
    assert text.take("t is 985 euros [1, 2]") == ""
    assert text.renumbered(text.end()) == "Your rent is 985 euros [2][1]"
    assert text.cited == (DENTIST, FLAT)
    assert text.problems == []


@pytest.mark.parametrize(("wrong", "why"), [("It is 1200 euros [1]. ", "1200"), ("It is 985 euros [9]. ", "[9]")])
def test_from_what_has_no_ground_on_nothing_passes(wrong: str, why: str) -> None:
    text = grounds().hold()
    assert text.take(f"Your rent is 985 euros [1]. {wrong}") == "Your rent is 985 euros [1]. "
    assert text.take("Bye. ") + text.end() == ""
    assert why in text.problems[0]


def test_what_was_said_and_heard_gives_figures_too() -> None:
    read = grounds("Is 1200 a lot?")
    read.hear("There are 77 entries.")
    text = read.hold()
    assert text.take("1200 is more than 985 and 77. ") != ""


def test_a_passage_keeps_its_number() -> None:
    read = Grounds("", is_own=False)
    assert [read.number_of(each) for each in (FLAT, MOM, FLAT)] == [1, 2, 1]


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        ("The tower is 330 metres tall. ", True),
        ("Your rent is 1200 euros. ", False),
        ("You have 17 books. ", False),
        ("It is 330 metres [1]. ", False),
    ],
)
def test_beside_what_is_mine_the_world_has_its_own_figures(sentence: str, passes: bool) -> None:
    read = Grounds("How tall is it?", is_own=False)
    read.number_of(FLAT)
    assert bool(read.hold().take(sentence)) is passes
