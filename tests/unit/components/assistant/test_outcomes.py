"""Sentences about what became of what was asked for: no more than is so."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from senter.components.assistant.outcomes import ActOutcome, outcome_of, together
from senter.messages.acts import Act, ActKind, Receipt, ThingKind
from senter.messages.goals import GoalKind, GoalReply, Status
from tests.support.acting_engine import goal_view
from tests.support.scripted_reading import act

BERLIN = ZoneInfo("Europe/Berlin")
RECEIPT = Receipt(kind=ThingKind.REMINDER, id="12", title="call mom", done="Reminder 12: call mom", undoable=True)
WORK = act(ActKind.WORK, "Research ovens")
UNDO = act(ActKind.UNDO, "undo")


def told(**changes: object) -> str:
    goal = goal_view(3, "Research ovens").model_copy(update=changes)
    return " ".join(outcome_of(GoalReply(goal=goal), BERLIN).sentences)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Goal 3 is being worked on: Research ovens. See: senter goal show 3."),
        (
            {"status": Status.WAITING, "error": "Which ovens?"},
            "Goal 3 waits for you: Which ovens? See: senter goal show 3.",
        ),
        ({"status": Status.FAILED, "error": "No room."}, "Not done: Research ovens. No room."),
        ({"status": Status.CANCELLED}, "Not done: Research ovens. Goal 3 ended cancelled."),
        (
            {"status": Status.FAILED, "receipts": (RECEIPT,)},
            "Reminder 12: call mom. The rest is not done. Goal 3 ended failed.",
        ),
        ({"kind": GoalKind.OWN}, "Goal 3: Research ovens."),
    ],
)
def test_a_goal_is_told_as_it_stands(changes: dict[str, object], sentence: str) -> None:
    assert told(**changes) == sentence


def test_a_goal_that_is_done_says_where_its_result_is() -> None:
    goal = goal_view(3, "Research ovens", Status.COMPLETED).model_copy(update={"results": ("/results/ovens.md",)})
    assert outcome_of(GoalReply(goal=goal), BERLIN).sentences == (
        "Goal 3 is done: Research ovens. Its result: /results/ovens.md.",
    )


@pytest.mark.parametrize(("acts", "says_undo"), [([WORK], True), ([UNDO], False), ([UNDO, WORK], True)])
def test_how_to_take_it_back_is_said_once_and_not_of_taking_back(acts: list[Act], says_undo: bool) -> None:
    outcomes = [ActOutcome(("Done.",), (RECEIPT,)) for _ in acts]
    assert together(outcomes, acts).count("Say undo") == int(says_undo)


def test_what_cannot_be_taken_back_is_not_offered_to_be() -> None:
    receipt = RECEIPT.model_copy(update={"undoable": False})
    assert "undo" not in together([ActOutcome(("Done.",), (receipt,))], [WORK])


def test_what_one_act_did_to_several_things_is_a_list() -> None:
    goal = goal_view(3, "Cancel everything", Status.COMPLETED)
    other = RECEIPT.model_copy(update={"id": "13", "done": "Reminder 13: call dad"})
    outcome = outcome_of(GoalReply(goal=goal.model_copy(update={"receipts": (RECEIPT, other)})), BERLIN)
    assert together([outcome], [UNDO]) == "- Reminder 12: call mom.\n- Reminder 13: call dad."
