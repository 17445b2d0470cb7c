"""Reading what was found: the texts behind sources, cut to what is about the topic.

A page whose host the goal may not reach, and a file that cannot be read, leave what the search itself
quoted; nothing waits for a person here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from senter.components.task_engine.agent.task_run import TaskRun
from senter.components.task_engine.contract.material import Material
from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.contract.tool import SEARCHES
from senter.components.task_engine.offline.door import about, carry_out
from senter.messages.goals import Source
from senter.quoting.source_text import SourceText

MOST_FOUND = 8
MOST_READ = 8
MOST_READ_FOR_EACH = 4
WEB = ("http://", "https://")


async def read(work: TaskRun) -> TaskOutput:
    """Reads the sources that the tasks before found."""
    found = [source for _, output in sorted(work.assignment.inputs.items()) for source in output.sources]
    return _gathered(work, await read_sources(work, found, MOST_READ))


async def gather(work: TaskRun) -> TaskOutput:
    """Searches for one subject and reads what was found."""
    material = await look_up(work, MOST_READ_FOR_EACH)
    gathered = (document.model_copy(update={"subject": work.topic}) for document in material.documents)
    return _gathered(work, Material.of(gathered, material.missing))


async def look_up(work: TaskRun, most: int, ways: Sequence[str] = SEARCHES) -> Material:
    """Searches for the topic in every way that is open to the goal, and reads the best of what was found."""
    found: list[Source] = []
    missing: list[str] = []
    for way in ways:
        arguments = {"query": work.topic, "limit": MOST_FOUND}
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
    name = "web_fetch" if on_the_web else "file_read"
    arguments = {"url" if on_the_web else "path": source.address}
    if not work.usable(name) or not work.within_grant(name, arguments):
        return source.quote, "the goal may not open it, so only the search's words are used"
    result = await work.try_tool(name, arguments)
    if isinstance(result, str):
        return source.quote, result
    return about(result.text, work.topic) or source.quote, ""


def _gathered(work: TaskRun, material: Material) -> TaskOutput:
    written = carry_out(work.assignment.task.work, work.assignment, material)
    return work.output(written.text, data=written.data, sources=written.sources)
