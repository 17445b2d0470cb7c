"""The ten kinds of work as they are done without a capable model, of what the tasks before left. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue, ValidationError

from senter.components.task_engine.contract.citations import Cited
from senter.components.task_engine.contract.material import Document, Material
from senter.components.task_engine.contract.plan import PlannedTask, Work
from senter.components.task_engine.contract.steps import BODY, Assignment, TaskOutput
from senter.components.task_engine.contract.tool import ToolResult
from senter.components.task_engine.offline import drafting, organising
from senter.components.task_engine.offline.comparison import Comparison
from senter.components.task_engine.offline.extracting import best_sentence
from senter.components.task_engine.offline.summary import summarise
from senter.errors import ToolError


@dataclass(frozen=True, slots=True)
class Brief:
    """What one task is carried out with."""

    assignment: Assignment
    found: Material | None = None
    """What was looked up for this task; it counts instead of what the tasks before left."""
    moved: ToolResult | None = None
    """What came of moving files in the order that was proposed."""

    @property
    def task(self) -> PlannedTask:
        return self.assignment.task

    @property
    def topic(self) -> str:
        return self.task.about or self.assignment.goal

    @property
    def inputs(self) -> Mapping[int, TaskOutput]:
        return self.assignment.inputs

    @property
    def material(self) -> Material:
        return self.found or Material.from_inputs(self.inputs)

    @property
    def quotable(self) -> Material:
        """What has an origin, each once."""
        once = self.material.once()
        return Material.of((each for each in once.documents if not each.address.startswith("task:")), once.missing)

    @property
    def form(self) -> str:
        """What is to be written."""
        return drafting.form_of(self.task.description)

    @property
    def order(self) -> organising.Order:
        """The order that was proposed. Raises `ToolError` where none was."""
        found = filter(None, (organising.order_in(output.data) for output in self.inputs.values()))
        if order := next(found, None):
            return order
        raise ToolError("No order was proposed that could be carried out.")


@dataclass(frozen=True, slots=True)
class Written(Cited):
    """A text, its sources, and what the tasks after it need."""

    data: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


def carry_out(kind: Work, brief: Brief) -> Written:
    """The work of that kind, which is any but `ANSWER`. Raises `ToolError` where what it needs was not left."""
    return _WORKS[kind](brief)


def _read(brief: Brief) -> Written:
    documents = brief.material.documents
    lines = [f"Read {len(documents)} {'document' if len(documents) == 1 else 'documents'} about {brief.topic}."]
    lines += [f"- {document.title}: {_beginning(document, brief.topic)}" for document in documents]
    lines += [f"Not read: {line}" for line in brief.material.missing]
    return Written("\n".join(lines), brief.material.sources, brief.material.as_data())


def _beginning(document: Document, topic: str) -> str:
    return best_sentence(document, topic) or " ".join(document.text.split())[:200]


def _summarise(brief: Brief) -> Written:
    return _cited(summarise(brief.material, brief.topic), {})


def _table(brief: Brief) -> Written:
    table = Comparison(brief.material, brief.task.about).table()
    return _cited(table, {"table": True, **brief.material.as_data()})


def _conclude(brief: Brief) -> Written:
    tables = [Cited(output.text, output.sources) for output in _latest(brief) if output.data.get("table")]
    table = tables[0] if tables else Cited("", ())
    return _cited(Comparison(brief.material, brief.task.about).conclusion(table), {})


def _outline(brief: Brief) -> Written:
    """The frame that draft and review are held to."""
    material = brief.material.once()
    plan = drafting.outline(brief.form, brief.topic, material)
    return Written(plan.text, material.sources, {**plan.as_data(), **material.as_data()})


def _draft(brief: Brief) -> Written:
    plan = _plan(brief)
    return _cited(drafting.draft(plan, brief.quotable), {**plan.as_data(), **brief.quotable.as_data()})


def _review(brief: Brief) -> Written:
    """The draft, and what a machine finds fault with."""
    latest = next(iter(_latest(brief)), None)
    if latest is None:
        return Written("There is no draft to review.", ())
    text = latest.text.strip()
    found = drafting.review(text, _plan(brief), len(latest.sources))
    notes = [f"- {line}" for line in found] or ["- Nothing was found that a machine can find fault with."]
    return Written("\n".join([text, "", "**Review**", "", *notes]), latest.sources, {BODY: text})


def _propose(brief: Brief) -> Written:
    """Raises `ToolError` without a listing, as where a person said in words that the folder was listed."""
    listings = [output.data for output in brief.inputs.values() if "entries" in output.data]
    by = organising.By(str(brief.task.tool_params.get("by", organising.By.KIND)))
    order = organising.propose(brief.topic, listings[0] if listings else {}, by)
    return Written(organising.proposal_text(order), (), organising.as_data(order))


def _move(brief: Brief) -> Written:
    text, data = organising.moved_output(brief.order, brief.moved)
    return Written(text, (), data)


def _cited(cited: Cited, data: dict[str, JsonValue]) -> Written:
    return Written(cited.text, cited.sources, data)


def _latest(brief: Brief) -> list[TaskOutput]:
    return [output for _, output in sorted(brief.inputs.items(), reverse=True)]


def _plan(brief: Brief) -> drafting.Outline:
    """The outline that was made; else one of the form alone."""
    found = filter(None, (_outline_in(output.data) for output in _latest(brief)))
    return next(found, None) or drafting.outline(brief.form, brief.topic, Material())


def _outline_in(data: Mapping[str, object]) -> drafting.Outline | None:
    try:
        return drafting.Outline.model_validate(data["outline"]) if "outline" in data else None
    except ValidationError:
        return None


_WORKS: Mapping[Work, Callable[[Brief], Written]] = {
    Work.READ: _read,
    Work.GATHER: _read,
    Work.SUMMARISE: _summarise,
    Work.TABLE: _table,
    Work.CONCLUDE: _conclude,
    Work.OUTLINE: _outline,
    Work.DRAFT: _draft,
    Work.REVIEW: _review,
    Work.PROPOSE: _propose,
    Work.MOVE: _move,
}
