"""Carries out tasks: calls the tool a task names, does by rules the work it names, or has a capable model answer.

Everything that reaches outside is a step, and nothing depends on anything else, so that a task that is
run again from its beginning goes the same way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from senter.components.task_engine.agent.loop import Agent
from senter.components.task_engine.agent.task_run import TOOL_FAILURES, TaskRun
from senter.components.task_engine.contract.call_arguments import typed
from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.contract.steps import Assignment, Executor, Steps, TaskOutput
from senter.components.task_engine.contract.tool import (
    DOCUMENTS_SEARCH,
    TAKINGS_BACK,
    TO_TAKE_BACK,
    TakingBack,
    ToolLookup,
    ToolResult,
)
from senter.components.task_engine.offline.door import (
    QUOTED_ONLY,
    Written,
    carry_out,
    fitting,
    is_about_what_lies_here,
    is_action_request,
    proposed_order,
    quotable,
)
from senter.components.task_engine.work.reading import gather, look_up, read
from senter.components.task_engine.work.report_file import Results, body
from senter.errors import CannotDo, SenterError, ToolError
from senter.quoting.grounding import UNCHECKED
from senter.sentences import phrase
from senter.text import one_line

MOST_LOOKED_UP = 4
MOST_SAID = 200
THINGS_FIND = "things_find"
NOTHING_ABOUT_IT = "Nothing in your documents is about it, and no model here is capable of more."
CAN_DO = (
    "What works without: reminders, calendar entries, notes, schedules, drafts, research in folders that you name with "
    "senter documents add, and questions with senter ask."
)


class WorkExecutor(Executor):
    """The way tasks are carried out, by rules and by models."""

    def __init__(self, tools: ToolLookup, results: Results, timezone: str = "") -> None:
        self._tools = tools
        self._timezone = timezone
        self._paths = results.paths

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        """Raises what the tools raise where the task cannot do without them, `PlanError` for wrong arguments."""
        work = TaskRun(assignment, steps, self._tools, self._paths, self._timezone)
        if assignment.task.tool:
            return await _call_tool(work)
        return await _WORKS.get(assignment.task.work, _by_rules)(work)


async def _call_tool(work: TaskRun) -> TaskOutput:
    assignment, task = work.assignment, work.assignment.task
    outputs = {number: body(output) for number, output in assignment.inputs.items()}
    tool = work.tools.get(task.tool)
    result = await work.tool(task.tool, typed(tool, task.tool_params, assignment.goal, outputs))
    return work.output(
        result.text, data=dict(result.data), sources=result.sources, files=result.files, receipts=result.receipts
    )


async def _by_rules(work: TaskRun) -> TaskOutput:
    return _output(work, carry_out(work.assignment.task.work, work.assignment))


async def _outline(work: TaskRun) -> TaskOutput:
    material = Material.from_inputs(work.assignment.inputs)
    if not material.documents:
        material = fitting(await look_up(work, MOST_LOOKED_UP), work.topic)
    return _output(work, carry_out(WorkKind.OUTLINE, work.assignment, material))


async def _draft(work: TaskRun) -> TaskOutput:
    """Of quotations; where there is nothing to quote, whatever a model writes, with a warning."""
    written, material = carry_out(WorkKind.DRAFT, work.assignment), Material.from_inputs(work.assignment.inputs)
    if quotable(material).documents or work.assignment.task.tool_params.get(QUOTED_ONLY):
        return _output(work, written)
    if text := await work.ask_anyone(f"Write a short text about: {work.topic}"):
        written = Written(f"{UNCHECKED}\n\n{text}", (), written.data)
    return _output(work, written)


async def _find(work: TaskRun) -> TaskOutput:
    material = fitting(await look_up(work, MOST_LOOKED_UP, (DOCUMENTS_SEARCH,)), work.topic)
    return _output(work, carry_out(WorkKind.FIND, work.assignment, material))


async def _persons(work: TaskRun) -> TaskOutput:
    """Nobody but the person does it. Raises `CannotDo`."""
    raise CannotDo(one_line(work.topic, MOST_SAID), "Only you can.")


async def _move(work: TaskRun) -> TaskOutput:
    """In one call, so that a person is asked once for the whole of it. Raises `ToolError` without a proposal."""
    order = proposed_order(work.assignment)
    arguments = order.model_dump(mode="json", include={"folder", "into"})
    result = await work.tool("file_sort", arguments) if order.into else None
    return _output(work, carry_out(WorkKind.MOVE, work.assignment, moved=result), result.files if result else ())


async def _take_back(work: TaskRun) -> TaskOutput:
    """Each in order, with exactly the arguments of its calls. What is refused stays, and the others are taken back all
    the same. Raises `ToolError` that says what was left and why."""
    several = TAKINGS_BACK.validate_python(work.assignment.task.tool_params[TO_TAKE_BACK])
    results: list[ToolResult] = []
    left: list[tuple[TakingBack, SenterError]] = []
    for one in several:
        try:
            results += [await work.tool(call.tool, call.params) for call in one.calls]
        except TOOL_FAILURES as error:
            left.append((one, error))
    if left:
        raise _what_was_left(left, alone=len(several) == 1)
    files = [file for result in results for file in result.files]
    return work.output("\n".join(result.text for result in results), files=files)


def _what_was_left(left: Sequence[tuple[TakingBack, SenterError]], *, alone: bool) -> SenterError:
    """Tried again where another try may mend one of them."""
    first = left[0][1]
    if alone:
        return first
    again = next((error for _, error in left if isinstance(error, ToolError) and error.retryable), None)
    said = " ".join(f"{one.done} stays: {error.message.rstrip('.')}." for one, error in left)
    return again or ToolError(said, first.hint)


async def _answer(work: TaskRun) -> TaskOutput:
    """A capable model with tools; else what of the user's own answers it, or what the documents say. No small model
    writes in its place.

    Raises `CannotDo` where neither is there, and says what is missing; `ToolError` where a capable model's answer was
    refused and nothing can stand in for it.
    """
    agent = Agent(work)
    if output := await agent.carry_out():
        return output
    if agent.refused:
        return await _instead(work, agent)
    if output := await _found(work):
        return output
    asked = one_line(work.assignment.task.description, MOST_SAID)
    if is_action_request(work.assignment.task.description):
        raise CannotDo(asked, f"{phrase('Nothing was done: it needs a model that uses tools.')} {phrase(CAN_DO)}")
    if is_about_what_lies_here(work.assignment.task.description):
        raise CannotDo(asked, f"{phrase('Nothing was looked at: it needs a model that uses tools.')} {phrase(CAN_DO)}")
    material = Material.from_inputs(work.assignment.inputs)
    if not material.documents:
        material = fitting(await look_up(work, MOST_LOOKED_UP), work.topic)
    if material.documents:
        return _summary(work, material)
    raise CannotDo(asked, f"{phrase(NOTHING_ABOUT_IT)} {phrase(CAN_DO)}")


async def _found(work: TaskRun) -> TaskOutput | None:
    """What answers a question about the user's own affairs; none where it is something else, or part of more."""
    if work.assignment.inputs or not work.usable(THINGS_FIND):
        return None
    found = await work.try_tool(THINGS_FIND, {"question": one_line(work.assignment.task.description)})
    return None if isinstance(found, str) else work.output(found.text, sources=found.sources)


async def _instead(work: TaskRun, agent: Agent) -> TaskOutput:
    """What the sources say themselves. What was done is no text that another could stand in for."""
    refused = ToolError(f"The model's answer was refused twice: {'; '.join(agent.refused)}.")
    if agent.changed or is_action_request(work.assignment.task.description):
        raise refused
    material = Material.of(document for document in agent.documents if not document.address.startswith("task:"))
    if not material.documents:
        material = fitting(await look_up(work, MOST_LOOKED_UP), work.topic)
    if not material.documents:
        raise refused
    return _summary(work, material)


def _summary(work: TaskRun, material: Material) -> TaskOutput:
    return _output(work, carry_out(WorkKind.SUMMARISE, work.assignment, material))


def _output(work: TaskRun, written: Written, files: Sequence[str] = ()) -> TaskOutput:
    return work.output(written.text, data=written.data, sources=written.sources, files=files)


_WORKS: dict[WorkKind, Callable[[TaskRun], Awaitable[TaskOutput]]] = {
    WorkKind.ANSWER: _answer,
    WorkKind.READ: read,
    WorkKind.GATHER: gather,
    WorkKind.OUTLINE: _outline,
    WorkKind.DRAFT: _draft,
    WorkKind.MOVE: _move,
    WorkKind.FIND: _find,
    WorkKind.PERSON: _persons,
    WorkKind.UNDO: _take_back,
}
