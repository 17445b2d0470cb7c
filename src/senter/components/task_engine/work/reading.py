"""Reading what was found: the texts behind sources, cut to what is about the topic.

A page whose host the goal may not reach, and a file that cannot be read, leave what the search itself
quoted; nothing waits for a person here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from senter.components.task_engine.agent.task_run import TaskRun
from senter.components.task_engine.contract.material import LONGEST_DOCUMENT, Material, SourceText
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.contract.tool import SEARCHES
from senter.components.task_engine.offline.extracting import scored
from senter.components.task_engine.offline.plan_parts import FILE_READ, RESULTS_OF_A_SEARCH, WEB_FETCH
from senter.components.task_engine.offline.words import stems
from senter.messages.goals import Source

MOST_READ = 8
MOST_READ_FOR_EACH = 4
WEB = ("http://", "https://")


async def read(work: TaskRun) -> TaskOutput:
    """Reads the sources that the tasks before found."""
    found = [source for _, output in sorted(work.assignment.inputs.items()) for source in output.sources]
    return _gathered(work, await read_sources(work, found, MOST_READ))


async def gather(work: TaskRun) -> TaskOutput:
    """Searches for one subject and reads what was found."""
    material = await look_up(work, work.topic, MOST_READ_FOR_EACH)
    about = (document.model_copy(update={"subject": work.topic}) for document in material.documents)
    return _gathered(work, Material.of(about, material.missing))


async def look_up(work: TaskRun, query: str, most: int) -> Material:
    """Searches in every way that is open to the goal, and reads the best of what was found."""
    found: list[Source] = []
    missing: list[str] = []
    for way in SEARCHES:
        arguments = {"query": query, "limit": RESULTS_OF_A_SEARCH}
        if not work.usable(way) or not work.within_grant(way, arguments):
            continue
        result = await work.try_tool(way, arguments)
        if isinstance(result, str):
            missing.append(f"{way}: {result}")
        else:
            found += result.sources
    material = await read_sources(work, found, most)
    return Material.of(material.documents, (*missing, *material.missing))


async def read_sources(work: TaskRun, found: Iterable[Source], most: int) -> Material:
    """The texts of the first `most` different sources."""
    different = {source.address: source for source in reversed(list(found))}
    chosen = list(reversed(different.values()))[:most]
    documents: list[SourceText] = []
    missing: list[str] = []
    for source in chosen:
        text, problem = await _text_of(work, source)
        documents.append(SourceText(title=source.title or source.address, address=source.address, text=text))
        if problem:
            missing.append(f"{source.address}: {problem}")
    return Material.of(documents, missing)


async def _text_of(work: TaskRun, source: Source) -> tuple[str, str]:
    """The text about the topic, and why it is no more than the search quoted."""
    on_the_web = source.address.lower().startswith(WEB)
    name = WEB_FETCH if on_the_web else FILE_READ
    arguments = {"url" if on_the_web else "path": source.address}
    if not work.usable(name) or not work.within_grant(name, arguments):
        return source.quote, "the goal may not open it, so only the search's words are used"
    result = await work.try_tool(name, arguments)
    if isinstance(result, str):
        return source.quote, result
    return about(result.text, work.topic) or source.quote, ""


def about(text: str, topic: str) -> str:
    """The paragraphs that say most about a topic, in their order, up to `LONGEST_DOCUMENT` characters."""
    if len(text) <= LONGEST_DOCUMENT:
        return text
    paragraphs = [piece for piece in re.split(r"\n\s*\n", text) if piece.strip()]
    wanted = set(stems(topic))
    worth = {number: len(wanted.intersection(stems(piece))) for number, piece in enumerate(paragraphs)}
    kept: set[int] = set()
    room = LONGEST_DOCUMENT
    for number in sorted(worth, key=lambda number: (-worth[number], number)):
        if len(paragraphs[number]) + 2 <= room:
            kept.add(number)
            room -= len(paragraphs[number]) + 2
    return "\n\n".join(paragraphs[number] for number in sorted(kept)) or text[:LONGEST_DOCUMENT]


def _gathered(work: TaskRun, material: Material) -> TaskOutput:
    lines = [f"Read {_count(material.documents)} about {work.topic}."]
    lines += [f"- {document.title}: {_beginning(document, work.topic)}" for document in material.documents]
    lines += [f"Not read: {line}" for line in material.missing]
    return work.output("\n".join(lines), data=material.as_data(), sources=material.sources)


def _beginning(document: SourceText, topic: str) -> str:
    best = max(scored([document], topic), key=lambda quote: quote.score, default=None)
    return best.text if best else " ".join(document.text.split())[:200]


def _count(documents: Sequence[SourceText]) -> str:
    return f"{len(documents)} {'document' if len(documents) == 1 else 'documents'}"
