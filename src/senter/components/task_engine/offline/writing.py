"""The kinds of work as they are done without a capable model, of what was gathered for a task. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.contract.plan import WorkKind
from senter.components.task_engine.contract.steps import BODY, Assignment, TaskOutput
from senter.components.task_engine.contract.tool import ToolResult
from senter.components.task_engine.offline import drafting, organising
from senter.components.task_engine.offline.comparison import Comparison
from senter.components.task_engine.offline.extracting import best_sentence
from senter.components.task_engine.offline.summary import summarise
from senter.errors import ToolError
from senter.quoting.citations import Cited
from senter.sentences import told


@dataclass(frozen=True, slots=True)
class Written(Cited):
    """A text, its sources, and what the tasks after it need."""

    data: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True)
class _Brief:
    """What a task is carried out with."""

    assignment: Assignment
    material: Material
    moved: ToolResult | None

    @property
    def topic(self) -> str:
        return self.assignment.task.about or self.assignment.goal

    @property
    def latest(self) -> list[TaskOutput]:
        """What the tasks before left, the last one first."""
        return [output for _, output in sorted(self.assignment.inputs.items(), reverse=True)]


def carry_out(
    kind: WorkKind, assignment: Assignment, found: Material | None = None, moved: ToolResult | None = None
) -> Written:
    """The work of that kind, which is any but `ANSWER` and `PERSON`. Raises `ToolError` where what it needs was
    not left.

    `found` counts instead of what the tasks before gathered; `moved` is what came of moving files.
    """
    material = Material.from_inputs(assignment.inputs) if found is None else found
    return _WORKS[kind](_Brief(assignment, material, moved))


def quotable(material: Material) -> Material:
    """What has an origin, each once."""
    once = material.once()
    return Material.of((each for each in once.documents if not each.address.startswith("task:")), once.missing)


def proposed_order(assignment: Assignment) -> organising.Order:
    """The order for files that a task before proposed. Raises `ToolError` where none did."""
    found = (organising.order_in(output.data) for output in assignment.inputs.values())
    if order := next(filter(None, found), None):
        return order
    raise ToolError("No order was proposed that could be carried out.")


def _read(brief: _Brief) -> Written:
    found, topic = brief.material, brief.topic
    count = len(found.documents)
    lines = [f"Read {count} {'document' if count == 1 else 'documents'} about {topic}."]
    lines += [f"- {document.title}: {best_sentence(document, topic)}" for document in found.documents]
    lines += [f"Not read: {line}" for line in found.missing]
    return Written("\n".join(lines), found.sources, found.as_data())


def _find(brief: _Brief) -> Written:
    """What there is about something, each in one sentence of its own."""
    found, topic = brief.material, brief.topic
    if not found.documents:
        return Written(told(f"Nothing was found in your documents about: {topic}"), ())
    count = len(found.documents)
    lines = [f"{count} of your documents {'is' if count == 1 else 'are'} about this:"]
    quotes = (f"{document.title}: {best_sentence(document, topic)}" for document in found.documents)
    lines += [f"{number}. {quote} [{number}]" for number, quote in enumerate(quotes, 1)]
    return Written("\n".join(lines), found.sources, found.as_data())


def _summarise(brief: _Brief) -> Written:
    return _written(summarise(brief.material, brief.topic))


def _table(brief: _Brief) -> Written:
    table = Comparison(brief.material, brief.assignment.task.about).table()
    return _written(table, {"table": True, **brief.material.as_data()})


def _conclude(brief: _Brief) -> Written:
    tables = (Cited(output.text, output.sources) for output in brief.latest if output.data.get("table"))
    comparison = Comparison(brief.material, brief.assignment.task.about)
    return _written(comparison.conclusion(next(tables, Cited("", ()))))


def _outline(brief: _Brief) -> Written:
    """The frame that draft and review are held to."""
    material = brief.material.once()
    plan = drafting.outline(drafting.form_of(brief.assignment.task.description), brief.topic, material)
    return Written(plan.text, material.sources, {**plan.as_data(), **material.as_data()})


def _draft(brief: _Brief) -> Written:
    plan, material = _plan(brief), quotable(brief.material)
    return _written(drafting.draft(plan, material), {**plan.as_data(), **material.as_data()})


def _review(brief: _Brief) -> Written:
    """The draft, and what a machine finds fault with."""
    if not brief.latest:
        return Written("There is no draft to review.", ())
    text, sources = brief.latest[0].text.strip(), brief.latest[0].sources
    found = drafting.review(text, _plan(brief), len(sources))
    notes = [f"- {line}" for line in found] or ["- Nothing was found that a machine can find fault with."]
    return Written("\n".join([text, "", "**Review**", "", *notes]), sources, {BODY: text})


def _propose(brief: _Brief) -> Written:
    """Raises `ToolError` without a listing, as where a person said in words that the folder was listed."""
    listings = (output.data for output in reversed(brief.latest) if "entries" in output.data)
    by = organising.By(str(brief.assignment.task.tool_params.get("by", organising.By.KIND)))
    order = organising.propose(brief.topic, next(listings, dict[str, JsonValue]()), by)
    return Written(organising.proposal_text(order), (), organising.as_data(order))


def _move(brief: _Brief) -> Written:
    text, data = organising.moved_output(proposed_order(brief.assignment), brief.moved)
    return Written(text, (), data)


def _written(cited: Cited, data: dict[str, JsonValue] | None = None) -> Written:
    return Written(cited.text, cited.sources, data or {})


def _plan(brief: _Brief) -> drafting.Outline:
    """The outline that was made last; else one of the form alone."""
    found = (drafting.outline_in(output.data) for output in brief.latest)
    form = drafting.form_of(brief.assignment.task.description)
    return next(filter(None, found), None) or drafting.outline(form, brief.topic, Material())


_WORKS: Mapping[WorkKind, Callable[[_Brief], Written]] = {
    WorkKind.READ: _read,
    WorkKind.FIND: _find,
    WorkKind.GATHER: _read,
    WorkKind.SUMMARISE: _summarise,
    WorkKind.TABLE: _table,
    WorkKind.CONCLUDE: _conclude,
    WorkKind.OUTLINE: _outline,
    WorkKind.DRAFT: _draft,
    WorkKind.REVIEW: _review,
    WorkKind.PROPOSE: _propose,
    WorkKind.MOVE: _move,
}
