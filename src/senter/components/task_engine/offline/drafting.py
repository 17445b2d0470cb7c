"""Texts made without a capable model: an outline for the form, a draft of quotations, and a review. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.offline.extracting import Quote, choose, relevant, scored
from senter.components.task_engine.offline.summary import Citations, one_title
from senter.components.task_engine.offline.verbs import CORRESPONDENCE, VERSE
from senter.quoting.citations import Cited, numbers_cited
from senter.quoting.sentences import sentences
from senter.quoting.words import stems

SENTENCES = 12
MAIN_SECTIONS = 5
TO_FILL = "(to be filled in: {what})"

_FORM = re.compile(r"^\w+: (?P<form>.+?)(?: about |$)", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"\(to be filled in: [^)]{0,500}\)|\[(?:your|name|date|recipient)[^\]]{0,500}\]|\bTODO\b|\bXXX\b", re.IGNORECASE
)


class Section(BaseModel):
    """One part of a text, and where in the material it can draw from."""

    model_config = ConfigDict(frozen=True)

    title: str
    purpose: str
    documents: tuple[int, ...] = ()


class Outline(BaseModel):
    """The parts of a text to be written."""

    model_config = ConfigDict(frozen=True)

    form: str
    topic: str
    sections: tuple[Section, ...]

    def as_data(self) -> dict[str, JsonValue]:
        return {"outline": self.model_dump(mode="json")}

    @property
    def text(self) -> str:
        article = "an" if self.form[:1].lower() in "aeiou" else "a"
        lines = [f"Outline of {article} {self.form} about {self.topic}", ""]
        lines += [f"{place}. {part.title}: {part.purpose}" for place, part in enumerate(self.sections, 1)]
        return "\n".join(lines)


def outline_in(data: Mapping[str, JsonValue]) -> Outline | None:
    """The outline that a task left; none where it left none."""
    try:
        return Outline.model_validate(data.get("outline"))
    except ValidationError:
        return None


def form_of(description: str) -> str:
    """What is to be written, from a task's description ("Outline: email about the heating")."""
    found = _FORM.match(description)
    return found["form"] if found else "text"


def outline(form: str, topic: str, material: Material) -> Outline:
    """The parts a text of this form has, the middle ones by what the material has to say."""
    return Outline(form=form, topic=topic, sections=tuple(_sections(form, topic, material)))


def draft(plan: Outline, material: Material) -> Cited:
    """A draft that quotes the material under the outline's headings, and says what is left to a person."""
    quotes = choose(relevant(scored(material.documents, plan.topic), plan.topic), SENTENCES)
    citations = Citations(material)
    lines: list[str] = []
    for section in plan.sections:
        own = [quote for quote in quotes if quote.document in section.documents]
        lines += [f"## {section.title}", "", _paragraph(own, citations) or TO_FILL.format(what=section.purpose), ""]
    return Cited("\n".join(lines).strip(), citations.sources)


def review(text: str, plan: Outline | None, source_count: int) -> list[str]:
    """What a machine can find fault with in a draft; empty when nothing."""
    found = [f"Left to fill in: {one_title(place)[:200]}" for place in dict.fromkeys(_PLACEHOLDER.findall(text))]
    said = Counter(sentence.text for sentence in sentences(text))
    found += [f"Said more than once: {sentence}" for sentence, times in said.items() if times > 1]
    found += [f"There is no source [{number}]." for number in numbers_cited(text) if number > source_count]
    if plan:
        have = set(stems(text))
        missing = [
            part.title for part in plan.sections if not have.intersection(stems(part.title)) and stems(part.title)
        ]
        found += [f"The outline's part {title!r} is not there." for title in missing]
    return found


def places_to_fill(text: str) -> int:
    """How many places a draft leaves to a person."""
    return len(_PLACEHOLDER.findall(text))


def _sections(form: str, topic: str, material: Material) -> Iterator[Section]:
    everything = tuple(range(len(material.documents)))
    if form in CORRESPONDENCE:
        yield Section(title="Greeting", purpose="who is written to")
        yield Section(title="What it is about", purpose=f"one sentence on {topic}")
        yield Section(title="Details", purpose="what the reader must know", documents=everything)
        yield Section(title="What is asked for", purpose="what should happen next, and until when")
        yield Section(title="Closing", purpose="thanks and name")
    elif form in VERSE:
        yield Section(title="Beginning", purpose=f"the picture that {topic} begins with", documents=everything)
        yield Section(title="Turn", purpose="what changes")
        yield Section(title="End", purpose="what stays")
    else:
        yield Section(title="Introduction", purpose=f"what {topic} is and why it matters", documents=everything[:1])
        for place in everything[1 : MAIN_SECTIONS + 1] or everything:
            title = one_title(material.documents[place].title)
            yield Section(title=title, purpose=f"what {title} says about {topic}", documents=(place,))
        if not everything:
            yield Section(title="Main part", purpose=f"the points about {topic}, one paragraph each")
        yield Section(title="Conclusion", purpose="what follows from it")


def _paragraph(quotes: Sequence[Quote], citations: Citations) -> str:
    ordered = sorted(quotes, key=lambda quote: (quote.document, quote.sentence.position))
    return " ".join(citations.cite(quote) for quote in ordered)
