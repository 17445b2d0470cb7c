"""What people are told of goals: what waits for their word, once; what was found; the result itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.components.task_engine.contract.finding import first_finding, what_was_done, what_was_found
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.work.report_file import result_of
from senter.errors import NotFound
from senter.messages.activity import APPROVAL_CHARACTERS, ActivityLogged
from senter.messages.acts import Receipt, ThingKind
from senter.messages.goals import GoalReply, ResultReply, Source
from tests.support.goal_bodies import GOAL, TASK
from tests.support.goals import GoalHouse, plan, task

RINGS = Receipt(
    kind=ThingKind.REMINDER, id="12", title="call mom", done="Reminder 12: call mom, Mon 30 Nov 2026, 09:00"
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[GoalHouse]:
    house = GoalHouse(tmp_path)
    yield house
    await house.close()


def told(house: GoalHouse, kind: str) -> list[ActivityLogged]:
    return [event for event in house.events if isinstance(event, ActivityLogged) and event.kind == kind]


async def test_what_waits_is_told_once_with_the_exact_call_and_how_it_is_decided(house: GoalHouse) -> None:
    label = "x" * 3_000
    house.add(plan(task("once_only", tool_params={"seconds": 20, "label": label})))
    await house.until(lambda: any(line["what"] == "did" for line in house.effects.lines))
    await house.crash()
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    await house.crash()
    await house.until(lambda: house.journal.approvals.waiting() == 1)
    (event,) = told(house, "approval_waiting")
    assert event.importance == "high"
    assert event.details == {"goal_id": 1, "approval_id": 1}
    assert event.summary.startswith('Waits for you: count_once_only {"')
    assert event.summary.endswith("Decide with: senter approvals approve 1 (or deny)")
    assert len(event.summary) <= APPROVAL_CHARACTERS
    listed = house.journal.views.goals(include_finished=False, limit=1)
    assert listed.approvals_waiting == 1
    assert event.summary == f"Waits for you: {listed.first_approval}"
    house.journal.approvals.decide(1, "denied")
    assert house.journal.views.goals(include_finished=False, limit=1).first_approval == ""


async def test_a_goal_that_ended_says_what_it_found(house: GoalHouse) -> None:
    goal_id = house.add(plan(task("pure"), task("pure", depends_on=[1], tool_params={"label": "tea"})))
    await house.until_ended(goal_id)
    (event,) = told(house, "goal_completed")
    result = result_of(house.goal(goal_id), house.journal.views.outputs(goal_id))
    assert event.details["found"] == result.text.splitlines()[0] == "count_pure x"
    assert house.journal.views.done_last() == goal_id


async def test_the_result_is_of_the_goal_that_was_done_last(house: GoalHouse) -> None:
    with pytest.raises(NotFound):
        house.journal.views.done_last()
    first, second = (house.add(plan(task("pure", tool_params={"label": label}))) for label in "ab")
    await house.until_ended(first, second)
    house.journal.goals.cancel(house.add(plan(task("pure"))))
    assert house.journal.views.done_last() == second


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Bread is made of flour. [1] It rises because of yeast. [2]\n\n**T**\n\n- other [1]",
            "Bread is made of flour.",
        ),
        ("*Written by a model without sources.*\n\nRoses are red.\nViolets are blue.", "Roses are red."),
        ("2 of your documents are about this:\n1. tea: Tea is old. [1]", "tea: Tea is old."),
        ("Date\tWhat\tAmount\n2026-01-02\tRent\t850 [1]\n2026-02-02\tRent\t850 [1]", "a table of 2 rows"),
        ("| Name | Age |\n|---|---|\n| Bob | 3 |", "a table of 1 row"),
        (
            "date,amount,what\n2026-01-02,12.5,Rent\n\nThe rent is 850 EUR a month. It rises.",
            "The rent is 850 EUR a month.",
        ),
        ('{"rows": [1, 2]}', ""),
        ("- [Rye bread](https://example.org/rye) keeps for a week. [1]", "Rye bread keeps for a week."),
        ("Zahnarzt, Mo, 14. Dez. 2026, 10:30. Sonst nichts.", "Zahnarzt, Mo, 14. Dez. 2026, 10:30."),
        ("Das gilt z. B. am 3. Mai auch. Mehr nicht.", "Das gilt z. B. am 3. Mai auch."),
        ("# Title\n\n> a remark\n\nHello Anna, this is about bread. And more.", "Hello Anna, this is about bread."),
        ("| | tea | coffee |\n|---|---|---|\n| **is** | A leaf. [1] | A bean. [2] |", "A leaf. A bean."),
        ("# Nothing\n\n---\n", ""),
    ],
)
def test_the_first_finding_is_a_sentence(text: str, found: str) -> None:
    assert first_finding(text) == found


def test_what_was_done_is_told_by_its_receipts() -> None:
    done = TaskOutput(text="Something else.", receipts=(RINGS,))
    assert what_was_done([done]) == RINGS.done
    assert what_was_done([done, done, done]) == f"{RINGS.done}; and 2 more"
    assert what_was_done([TaskOutput(text="Bread is old. [1]"), done]) == what_was_done([]) == ""
    assert what_was_found([TaskOutput(text=""), done]) == "Something else."


def shown(*outputs: TaskOutput) -> ResultReply:
    tasks = tuple(TASK.model_copy(update={"number": number}) for number in range(1, len(outputs) + 1))
    return result_of(GoalReply(goal=GOAL, tasks=tasks), dict(enumerate(outputs, 1)))


def test_a_result_has_its_text_and_sources_and_nothing_about_the_report() -> None:
    alone = shown(TaskOutput(text="Tea is old. [1]", sources=(Source(title="Tea", address="/tea.md"),)))
    assert alone.text == "Tea is old. [1]\n\n## Sources\n\n1. Tea: `/tea.md`"
    assert alone.whole
    two = shown(TaskOutput(text="A."), TaskOutput(text="B."))
    assert two.text == "## Step 1\n\nA.\n\n## Step 1\n\nB."
    done = shown(TaskOutput(text="Reminder 12.", receipts=(RINGS,)), TaskOutput(text="Reminder 13.", receipts=(RINGS,)))
    assert done.text == "Reminder 12.\n\nReminder 13."


def test_a_very_long_result_says_that_it_is_not_whole() -> None:
    long = shown(TaskOutput(text="x" * 300_000))
    assert (len(long.text), long.whole) == (200_000, False)
