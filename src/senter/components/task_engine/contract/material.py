"""What tasks gathered, as it passes from one task to the next: documents, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from senter.components.task_engine.contract.steps import TaskOutput
from senter.messages.goals import Source
from senter.quoting.source_text import SourceText

MOST_DOCUMENTS = 24
LONGEST_DOCUMENT = 12_000


class Material(BaseModel):
    """Documents, the most useful first. An address occurs once for each subject."""

    model_config = ConfigDict(frozen=True)

    documents: tuple[SourceText, ...] = ()
    missing: tuple[str, ...] = ()
    """What could not be read, for people."""

    @classmethod
    def of(cls, documents: Iterable[SourceText], missing: Iterable[str] = ()) -> Self:
        kept = {(found.subject, found.address): _cut(found) for found in documents if found.text.strip()}
        return cls(documents=tuple(kept.values())[:MOST_DOCUMENTS], missing=tuple(missing))

    @classmethod
    def from_inputs(cls, inputs: Mapping[int, TaskOutput]) -> Self:
        """All that the tasks before gathered, whether they left material, sources or just text."""
        materials = [_of_output(number, output) for number, output in sorted(inputs.items())]
        return cls.of(
            (document for material in materials for document in material.documents),
            (line for material in materials for line in material.missing),
        )

    def once(self) -> Self:
        """Each address once, whatever it was gathered for."""
        different = {document.address: document for document in reversed(self.documents)}
        return self.of(reversed(different.values()), self.missing)

    def as_data(self) -> dict[str, JsonValue]:
        return {"material": self.model_dump(mode="json")}

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple({document.address: document.source() for document in self.documents}.values())


def _cut(document: SourceText) -> SourceText:
    """Whatever tool it came from: what is done with material takes time for every character of it."""
    if len(document.text) <= LONGEST_DOCUMENT:
        return document
    return document.model_copy(update={"text": document.text[:LONGEST_DOCUMENT]})


def _of_output(number: int, output: TaskOutput) -> Material:
    if "material" in output.data:
        try:
            return Material.model_validate(output.data["material"])
        except ValidationError:
            pass  # a tool's own data under that name
    if len(output.sources) == 1 and output.sources[0].address in (output.data.get("path"), output.data.get("url")):
        [source] = output.sources  # what a tool read whole
        return Material.of([SourceText(title=source.title, address=source.address, text=output.text)])
    if output.sources:
        quoted = (
            SourceText(title=source.title, address=source.address, text=source.quote) for source in output.sources
        )
        found = Material.of(quoted)
        if found.documents:
            return found
    title = f"Task {number}" if number else "What you said"
    return Material.of([SourceText(title=title, address=f"task:{number}", text=output.text)])
