"""A summary made of quotations: every sentence stands word for word in the source it is numbered with. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.offline.extracting import Quote, choose, definition, relevant, scored, unmentioned
from senter.messages.goals import Source
from senter.quoting.citations import Cited
from senter.text import one_line

LEAD_SENTENCES = 2
SENTENCES = 14


class Citations:
    """Numbers the documents in the order in which they are first cited; those in `begun` have their numbers."""

    def __init__(self, material: Material, begun: Sequence[Source] = ()) -> None:
        self._material = material
        self._cited = {source.address: source for source in begun}

    def cite(self, quote: Quote) -> str:
        """The quotation and its number."""
        found = self._material.documents[quote.document]
        self._cited.setdefault(found.address, found.source(quote.text))
        return f"{quote.text} [{list(self._cited).index(found.address) + 1}]"

    def order(self, document: int) -> tuple[bool, int]:
        """Documents that were cited first come first, then the others in their own order."""
        cited = list(self._cited)
        address = self._material.documents[document].address
        return (address not in cited, cited.index(address) if address in cited else document)

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(self._cited.values())


def summarise(material: Material, topic: str) -> Cited:
    """What the material says about the topic: the two best sentences first, then the best of each source."""
    quotes = relevant(scored(material.documents, topic), topic)
    if not quotes:
        return Cited("Nothing was found about this.", ())
    citations = Citations(material)
    first = definition(quotes, topic)
    chosen = choose(quotes, SENTENCES, begun=(first,) if first else ())
    lines = [" ".join(citations.cite(quote) for quote in chosen[:LEAD_SENTENCES]), ""]
    lines += _by_source(material, chosen[LEAD_SENTENCES:], citations)
    lines += _gaps(material, quotes, topic)
    lines.append("The sentences above are quoted from the sources; none was written by a model.")
    return Cited("\n".join(lines).strip(), citations.sources)


def _by_source(material: Material, chosen: Sequence[Quote], citations: Citations) -> Iterator[str]:
    for document in sorted({quote.document for quote in chosen}, key=citations.order):
        yield from (f"**{one_title(material.documents[document].title)}**", "")
        own = [quote for quote in chosen if quote.document == document]
        for quote in sorted(own, key=lambda quote: quote.sentence.position):
            yield f"- {citations.cite(quote)}"
        yield ""


def _gaps(material: Material, quotes: Sequence[Quote], topic: str) -> Iterator[str]:
    if absent := unmentioned(quotes, topic):
        yield from (f"No source mentions: {', '.join(absent[:10])}.", "")
    for line in material.missing:
        yield f"Not read: {line}"
    if material.missing:
        yield ""


def one_title(title: str) -> str:
    """A title that cannot break out of its line."""
    return one_line(title).replace("*", "")
