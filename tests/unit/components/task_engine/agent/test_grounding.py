"""What a model writes keeps to what it read, whoever made the plan; what is honest is not refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.components.task_engine.contract.material import SourceText
from senter.components.task_engine.contract.steps import TaskOutput
from senter.errors import ToolError
from senter.messages.model import ModelRequest
from senter.quoting.grounding import UNCHECKED, problems_with
from tests.unit.components.task_engine.conftest import DOCUMENTS, Desk

GOAL = "Find out when Python got decorators"
INVENTED = "Decorators came to Python in 1987 [1]."
HONEST = "Decorators came to Python 2.4 in 2004 [1]."


def plan(*tasks: dict[str, JsonValue]) -> str:
    return json.dumps({"tasks": [{"type": "research", "depends_on": [], **task} for task in tasks]})


def call(tool: str, **arguments: JsonValue) -> str:
    return json.dumps({"tool": tool, "arguments": arguments})


def said(answer: str) -> str:
    return json.dumps({"answer": answer})


SEARCH: dict[str, JsonValue] = {
    "description": "Search",
    "tool": "documents_search",
    "tool_params": {"query": "decorators"},
}
SEARCH_AND_SAY = plan(SEARCH, {"description": "Say when decorators came", "depends_on": [1]})
ONLY_SAY = plan({"description": "When Python decorators came"})


async def carried_out(desk: Desk, made: str, *turns: str, goal: str = GOAL) -> TaskOutput:
    """The last output of a plan that the capable model makes, whose every further answer is the next of `turns`;
    the last one is said again and again."""
    left: Iterator[str] = iter(turns)
    last = turns[-1]

    def answer(request: ModelRequest) -> str:
        return made if "You break a goal" in request.messages[0].content else next(left, last)

    desk.worker.capable = True
    desk.worker.answer = answer
    planned = await desk.plan(goal)
    assert planned.planned_by == "model"
    desk.worker.requests.clear()
    outputs = await desk.carry_out(planned.plan, goal)
    return outputs[len(outputs)]


async def test_a_figure_invented_on_a_plan_of_the_models_own_is_told_once_and_then_quotes_stand_instead(
    desk: Desk,
) -> None:
    output = await carried_out(desk, SEARCH_AND_SAY, said(INVENTED))
    assert "1987" not in output.text
    assert "PEP 318" in output.text and "none was written by a model" in output.text
    assert len(desk.worker.requests) == 2
    assert "no source has the figure 1987" in desk.worker.requests[1].messages[-1].content


async def test_an_answer_that_is_mended_is_taken(desk: Desk) -> None:
    output = await carried_out(desk, SEARCH_AND_SAY, said(INVENTED), said(HONEST))
    assert output.text == HONEST
    assert [Path(source.address).name for source in output.sources] == ["classes.txt"]


@pytest.mark.parametrize("wrong", [INVENTED, "They wrap functions [99].", "They wrap functions.", "In 1987."])
async def test_what_research_says_without_ground_is_never_shown(desk: Desk, wrong: str) -> None:
    output = await carried_out(desk, SEARCH_AND_SAY, said(wrong))
    assert wrong not in output.text
    assert output.sources


async def test_research_that_looked_nothing_up_is_told_to_and_then_done_without_the_model(desk: Desk) -> None:
    output = await carried_out(desk, ONLY_SAY, said("Decorators came in 1987."))
    assert "1987" not in output.text
    assert "none was written by a model" in output.text


async def test_where_nothing_can_stand_in_for_it_the_task_fails_and_says_why(desk: Desk) -> None:
    for name in DOCUMENTS:
        (desk.folder / name).unlink()
    with pytest.raises(ToolError, match="refused twice: no source has the figure 1987"):
        await carried_out(desk, ONLY_SAY, said("Decorators came in 1987."))


async def test_what_was_done_is_not_replaced_by_quotations(desk: Desk) -> None:
    turns = (call("file_read", path=str(desk.folder / "closures.md")), call("note", title="a", text="b"))
    with pytest.raises(ToolError, match="refused twice"):
        await carried_out(desk, plan({"description": "Note it", "type": "custom"}), *turns, said("I noted 1987 lines."))


async def test_a_figure_deep_in_what_a_tool_answered_is_grounded(desk: Desk) -> None:
    (desk.folder / "long.md").write_text("Words about tea. " * 60 + "It was weighed: 4711 grams.\n")
    read = call("file_read", path=str(desk.folder / "long.md"))
    output = await carried_out(desk, plan({"description": "Weigh it"}), read, said("It weighed 4711 grams [1]."))
    assert output.text == "It weighed 4711 grams [1]."


async def test_what_the_model_knows_by_itself_is_marked(desk: Desk) -> None:
    made = plan({"description": "Write", "type": "generate"}, {"description": "Go on", "depends_on": [1]})
    first = await carried_out(desk, plan({"description": "Write", "type": "generate"}), said("It was 1987."))
    assert first.text == f"{UNCHECKED}\n\nIt was 1987."
    assert first.sources == ()
    with pytest.raises(ToolError, match="refused twice"):  # research: an unchecked text grounds nothing
        await carried_out(desk, made, said("It was 1987."))


async def test_a_small_text_without_figures_is_left_alone(desk: Desk) -> None:
    output = await carried_out(desk, plan({"description": "Write", "type": "generate"}), said("Roses are red."))
    assert output.text == "Roses are red."


async def test_figures_of_the_goal_may_be_repeated(desk: Desk) -> None:
    goal = "Write a poem of 14 lines for the 24 December 2026"
    made = plan({"description": "Write", "type": "generate"})
    output = await carried_out(desk, made, said("Fourteen, 14, on 24.12.2026"), goal=goal)
    assert UNCHECKED in output.text  # the month was not given as a figure
    output = await carried_out(desk, made, said("14 lines for 24 December 2026"), goal=goal)
    assert UNCHECKED not in output.text


REPORT = SourceText(
    title="Report 2025-06-30",
    address="https://example.org/2025/q2.html",
    text="Revenue was 1,234,567 euros, 12.50 % more than in 2024. Version 3.11.2 came on 2025-04-05 at 09:30.\n"
    "- north: 120\n- south: 95\n- east: 33\n\n1,5 Liter; 10 members met in room 207.",
)
LISTING = "\n".join(f"file-{letter}.txt" for letter in "abcdefghijklmnopq")
HONEST_ANSWERS = [
    "Revenue was 1,234,567 euros [1].",
    "Revenue was 1234567 euros [1].",
    "It rose by 12.5 % against 2024 [1].",
    "It rose by 12.50% [1].",
    "Version 3.11.2, so 3.11, came on 5 April 2025 at 9:30 [1].",
    "On 2025-04-05 [1]; in 2025/04 [1]; 05.04.2025 [1].",
    "At 09:30 sharp, in room 207, 10 members met [1].",
    "They drank 1.5 litres [1].",
    "North had 120, south 95, east 33 [1].",
    "1. North [1]\n2. South [1]\n10. East [1]\n11. West is not mentioned.",
    "## 12. Regions\n\nNorth leads [1].",
    "> 13. quoted [1]",
    "There are 17 files in the folder [1].",
    "All of this is from Q2 [1].",
    "Ten reasons:\n\n" + "\n".join(f"{n}. Reason [1]" for n in range(1, 13)) + "\n\nThat makes 12 reasons.",
    "You asked for 250 words about 2026: none are about it [1].",
    "3 regions, 1 report, 2 pages [1].",
    "Nothing was said about the west [1].",
    "| Region | Sales |\n|---|---|\n| North | 120 [1] |\n| South | 95 [1] |",
    "See [1, 1] and [1; 1].",
]
INVENTIONS = [
    "Revenue was 1,234,568 euros [1].",
    "It rose by 13 % [1].",
    "In 1987 it began [1].",
    "Version 3.12 came [1].",
    "On 2025-04-19 [1].",
    "Room 208 [1].",
    "- 1987\n- 1988 [1]",
    "| 1987 | North [1] |",
    "There are 18 files [1].",
    "`1987` [1]",
    "In １９８７ [1].",
    "It rose by 0.5 points [1].",
]


def problems(text: str) -> list[str]:
    return problems_with(text, [REPORT], ["In 250 words, what happened in Q2, seen from 2026?", LISTING])


@pytest.mark.parametrize("text", HONEST_ANSWERS)
def test_an_honest_answer_is_no_false_alarm(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize("text", INVENTIONS)
def test_an_invented_figure_is_found(text: str) -> None:
    assert any("figure" in problem for problem in problems(text))
