"""Carries out tasks: calls the tool a task names, does by rules the work it names, or has a capable model answer.

Everything that reaches outside is a step, and nothing depends on anything else, so that a task that is
run again from its beginning goes the same way.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from pydantic import ValidationError

from senter.components.task_engine.agent.grounding import UNCHECKED
from senter.components.task_engine.agent.loop import Agent
from senter.components.task_engine.agent.task_run import TaskRun
from senter.components.task_engine.contract.call_arguments import typed
from senter.components.task_engine.contract.citations import Cited
from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.contract.steps import Assignment, Executor, Steps, TaskOutput
from senter.components.task_engine.contract.tool import ToolLookup
from senter.components.task_engine.offline import drafting, organising
from senter.components.task_engine.offline.actions import asks_to_act
from senter.components.task_engine.offline.comparison import Comparison
from senter.components.task_engine.offline.extracting import scored
from senter.components.task_engine.offline.places import is_about_what_lies_here
from senter.components.task_engine.offline.summary import summarise
from senter.components.task_engine.offline.words import stems
from senter.components.task_engine.work.reading import gather, look_up, read
from senter.components.task_engine.work.report_file import BODY, Results, body
from senter.errors import ModelUnavailable, NotCapable, ToolError

MOST_LOOKED_UP = 4


class WorkExecutor(Executor):
    """The way tasks are carried out, by rules and by models."""

    def __init__(self, tools: ToolLookup, results: Results) -> None:
        self._tools = tools
        self._paths = results.paths

    async def carry_out(self, assignment: Assignment, steps: Steps) -> TaskOutput:
        """Raises what the tools raise where the task cannot do without them, `PlanError` for wrong arguments."""
        work = TaskRun(assignment, steps, self._tools, self._paths)
        if assignment.task.tool:
            return await _call_tool(work)
        return await _WORKS[assignment.task.work](work)


async def _call_tool(work: TaskRun) -> TaskOutput:
    assignment, task = work.assignment, work.assignment.task
    outputs = {number: body(output) for number, output in assignment.inputs.items()}
    tool = work.tools.get(task.tool)
    result = await work.tool(task.tool, typed(tool, task.tool_params, assignment.goal, outputs))
    return work.output(result.text, data=dict(result.data), sources=result.sources, files=result.files)


async def _summarise(work: TaskRun) -> TaskOutput:
    return _cited(work, summarise(Material.from_inputs(work.assignment.inputs), work.topic))


async def _table(work: TaskRun) -> TaskOutput:
    material = Material.from_inputs(work.assignment.inputs)
    table = Comparison(material, work.assignment.task.about).table()
    return work.output(table.text, data={"table": True, **material.as_data()}, sources=table.sources)


async def _conclude(work: TaskRun) -> TaskOutput:
    inputs = work.assignment.inputs
    tables = [output for _, output in sorted(inputs.items()) if output.data.get("table")]
    table = Cited(tables[-1].text, tables[-1].sources) if tables else Cited("", ())
    return _cited(work, Comparison(Material.from_inputs(inputs), work.assignment.task.about).conclusion(table))


async def _outline(work: TaskRun) -> TaskOutput:
    """The frame that draft and review are held to."""
    material = Material.from_inputs(work.assignment.inputs)
    if not material.documents:
        material = _relevant(await look_up(work, work.topic, MOST_LOOKED_UP), work.topic)
    plan = drafting.outline(drafting.form_of(work.assignment.task.description), work.topic, material.once())
    return work.output(plan.text, data={**plan.as_data(), **material.once().as_data()}, sources=material.sources)


async def _draft(work: TaskRun) -> TaskOutput:
    """Of quotations; where there is nothing to quote, whatever a model writes, with a warning."""
    plan, material = _plan_and_material(work)
    cited = drafting.draft(plan, material)
    if not material.documents and (text := await work.ask_anyone(f"Write a short text about: {work.topic}")):
        cited = Cited(f"{UNCHECKED}\n\n{text}", ())
    return work.output(cited.text, data={**plan.as_data(), **material.as_data()}, sources=cited.sources)


async def _review(work: TaskRun) -> TaskOutput:
    """The draft, and what a machine finds fault with."""
    _, latest = max(work.assignment.inputs.items(), default=(0, None))
    if latest is None:
        return work.output("There is no draft to review.")
    plan, _ = _plan_and_material(work)
    text = latest.text.strip()
    found = drafting.review(text, plan, len(latest.sources))
    notes = [f"- {line}" for line in found] or ["- Nothing was found that a machine can find fault with."]
    whole = "\n".join([text, "", "**Review**", "", *notes])
    return work.output(whole, data={BODY: text}, sources=latest.sources)


async def _propose(work: TaskRun) -> TaskOutput:
    """Raises `ToolError` without a listing, as where a person said in words that the folder was listed."""
    listings = [output.data for output in work.assignment.inputs.values() if "entries" in output.data]
    by = organising.By(str(work.assignment.task.tool_params.get("by", organising.By.KIND)))
    order = organising.propose(work.topic, listings[0] if listings else {}, by)
    return work.output(organising.proposal_text(order), data=organising.as_data(order))


async def _move(work: TaskRun) -> TaskOutput:
    """In one call, so that a person is asked once for the whole of it. Raises `ToolError` without a proposal."""
    found = [organising.order_in(output.data) for output in work.assignment.inputs.values()]
    order = next((order for order in found if order), None)
    if order is None:
        raise ToolError("No order was proposed that could be carried out.")
    arguments = order.model_dump(mode="json", include={"folder", "into"})
    result = await work.tool("file_sort", arguments) if order.into else None
    text, data = organising.moved_output(order, result)
    return work.output(text, data=data, files=result.files if result else ())


async def _answer(work: TaskRun) -> TaskOutput:
    """A capable model with tools; else what the documents say, or whatever a small model has to say.

    Raises `NotCapable` where only a deed or a look would do: a text about it is neither. Raises `ModelUnavailable`, and
    `ToolError` where a capable model's answer was refused and nothing can stand in for it.
    """
    agent = Agent(work)
    if output := await agent.carry_out():
        return output
    if agent.refused:
        return await _instead(work, agent)
    if asks_to_act(work.assignment.task.description):
        raise NotCapable("Nothing was done: what is asked for needs one that uses tools.")
    if is_about_what_lies_here(work.assignment.task.description):
        raise NotCapable("Nothing was looked at: what is asked for needs one that uses tools.")
    material = Material.from_inputs(work.assignment.inputs)
    if not material.documents:
        material = _relevant(await look_up(work, work.topic, MOST_LOOKED_UP), work.topic)
    if material.documents:
        return _cited(work, summarise(material, work.topic))
    said = await work.ask_anyone(work.assignment.task.description)
    if said:
        return work.output(f"{UNCHECKED}\n\n{said}")
    raise ModelUnavailable("Nothing was found, and no model answers now.", "See: senter models")


async def _instead(work: TaskRun, agent: Agent) -> TaskOutput:
    """What the sources say themselves. What was done is no text that another could stand in for."""
    refused = ToolError(f"The model's answer was refused twice: {'; '.join(agent.refused)}.")
    if agent.changed or asks_to_act(work.assignment.task.description):
        raise refused
    material = Material.of(document for document in agent.documents if not document.address.startswith("task:"))
    if not material.documents:
        material = _relevant(await look_up(work, work.topic, MOST_LOOKED_UP), work.topic)
    if not material.documents:
        raise refused
    return _cited(work, summarise(material, work.topic))


def _plan_and_material(work: TaskRun) -> tuple[drafting.Outline, Material]:
    plan: drafting.Outline | None = None
    for _, output in sorted(work.assignment.inputs.items()):
        plan = _outline_in(output.data) or plan
    material = Material.from_inputs(work.assignment.inputs).once()
    with_origin = [found for found in material.documents if not found.address.startswith("task:")]
    fallback = drafting.outline(drafting.form_of(work.assignment.task.description), work.topic, Material())
    return plan or fallback, Material.of(with_origin, material.missing)


def _outline_in(data: Mapping[str, object]) -> drafting.Outline | None:
    try:
        return drafting.Outline.model_validate(data["outline"]) if "outline" in data else None
    except ValidationError:
        return None


def _cited(work: TaskRun, cited: Cited) -> TaskOutput:
    return work.output(cited.text, sources=cited.sources)


def _relevant(material: Material, topic: str) -> Material:
    """Without documents that share too few of the topic's words: a search finds something for everything."""
    wanted = set(stems(topic))
    enough = max(1, (len(wanted) + 1) // 2)
    kept = [
        document
        for document in material.documents
        if len(wanted & {own for quote in scored([document], topic) for own in quote.stems}) >= enough
    ]
    return Material.of(kept, material.missing if kept else ())


_WORKS: dict[WorkKind, Callable[[TaskRun], Awaitable[TaskOutput]]] = {
    WorkKind.ANSWER: _answer,
    WorkKind.READ: read,
    WorkKind.GATHER: gather,
    WorkKind.SUMMARISE: _summarise,
    WorkKind.TABLE: _table,
    WorkKind.CONCLUDE: _conclude,
    WorkKind.OUTLINE: _outline,
    WorkKind.DRAFT: _draft,
    WorkKind.REVIEW: _review,
    WorkKind.PROPOSE: _propose,
    WorkKind.MOVE: _move,
}
