"""The documents component: how fast it indexes 10,000 documents of 100 MB, and how fast it then answers; how fast it
reads a mix of 1,000 papers in kinds that need a parser, and in how much memory.

Makes its own documents in a temporary folder: words as frequent as in a language (Zipf), as text, Markdown
and HTML. Queries are of two to five words, from frequent to rare ones, some phrased as questions. The mix of papers is
that of `measuring.papers`. With `--large N` instead N documents of 2 MB, one file under N names: what memory does then.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from pathlib import Path

import psutil

from measuring.costs import sum_of_pss_mib
from measuring.homes import scratch_home
from measuring.papers import Language, make_papers
from measuring.report import Report, quantile, run_figure
from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.documents.spec import SPEC
from senter.messages.documents import AddFolder, Folder, ListFolders, SearchDocuments
from senter.messages.message import ComponentName

CHARACTERS = 10_200
QUERIES = 300
QUERIES_MEANWHILE = 20
POLL_SECONDS = 0.05
ASKER = Manifest(sends=(AddFolder, ListFolders, SearchDocuments))


def make_documents(folder: Path, count: int, language: Language) -> int:
    """Returns their bytes."""
    size_bytes = 0
    for number in range(count):
        paragraphs = language.paragraphs(CHARACTERS)
        title = " ".join(paragraphs[0].split()[:4])
        if number % 4 == 0:
            name, text = f"{number}.md", f"# {title}\n\n" + "\n\n".join(paragraphs)
        elif number % 4 == 1:
            body = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
            name, text = f"{number}.html", f"<html><head><title>{title}</title></head><body>{body}</body></html>"
        else:
            name, text = f"{number}.txt", "\n\n".join(paragraphs)
        path = folder / f"{number // 200:03}" / name
        path.parent.mkdir(exist_ok=True)
        size_bytes += path.write_bytes(text.encode())
    return size_bytes


async def queries(bus: Bus, language: Language, count: int) -> list[float]:
    """Milliseconds."""
    taken: list[float] = []
    for _ in range(count):
        query = SearchDocuments(query=language.query())
        begun = time.perf_counter()
        await bus.request(query, timeout_seconds=30)
        taken.append((time.perf_counter() - begun) * 1_000)
    return taken


async def folder_of(bus: Bus) -> Folder:
    return (await bus.request(ListFolders(), timeout_seconds=30)).folders[0]


async def measure(home: Path, folder: Path, size_bytes: int, language: Language, report: Report) -> None:
    """Texts, and queries over them."""
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("asker"), ASKER)
    async with run_component(SPEC, home, broker=broker):
        begun = time.perf_counter()
        await bus.request(AddFolder(path=str(folder)), timeout_seconds=30)
        report.measured("query while indexing", await queries(bus, language, QUERIES_MEANWHILE))
        while (await folder_of(bus)).indexed_at is None:
            await asyncio.sleep(POLL_SECONDS)
        megabytes_per_second = size_bytes / 1e6 / (time.perf_counter() - begun)
        answered = await queries(bus, language, QUERIES)
        found = await folder_of(bus)
    await bus.close()
    index_bytes = sum(file.stat().st_size for file in (home / "data" / "index").iterdir())
    report.measured("query", answered)
    report.single("documents", found.files, "files")
    report.single("size", size_bytes / 1e6, "MB")
    report.single("index", index_bytes / 1e6, "MB")
    report.at_least("index rate", megabytes_per_second, 5, "MB/s")
    report.at_most("query p95", quantile(answered, 95), 50, "ms")


async def measure_memory(home: Path, folder: Path, size_bytes: int, name: str, report: Report) -> None:
    """Index a folder, and see how much the process and its child take together meanwhile."""
    broker = MemoryBroker()
    bus = broker.bus(ComponentName("asker"), ASKER)
    taken: list[float] = []
    async with run_component(SPEC, home, broker=broker):
        begun = time.perf_counter()
        await bus.request(AddFolder(path=str(folder)), timeout_seconds=30)
        while (await folder_of(bus)).indexed_at is None:
            taken.append(sum_of_pss_mib(_with_children()))
            await asyncio.sleep(POLL_SECONDS)
        seconds = time.perf_counter() - begun
        found = await folder_of(bus)
    await bus.close()
    report.single(f"{name}: indexed", found.files, "files")
    report.single(f"{name}: skipped", found.skipped, "files")
    report.single(f"{name}: size", size_bytes / 1e6, "MB")
    report.single(f"{name}: memory in the first tenth", max(taken[: len(taken) // 10 + 1]), "MiB")
    report.at_least(f"{name}: index rate", size_bytes / 1e6 / seconds, 2, "MB/s")
    report.at_most(f"{name}: memory with the child", max(taken), 200, "MiB")


def _with_children() -> list[int]:
    process = psutil.Process()
    return [process.pid, *(child.pid for child in process.children(recursive=True) if child.is_running())]


def make_large(folder: Path, count: int, language: Language) -> int:
    """One text of 2 MB under many names. Returns the bytes of all."""
    first = folder / "0.txt"
    first.write_text("\n\n".join(language.paragraphs(2_000_000)))
    for number in range(1, count):
        (folder / f"{number}.txt").hardlink_to(first)
    return count * first.stat().st_size


def figure(documents: int, papers: int, large: int) -> Report:
    report = Report("documents", "The documents component: indexing folders, and answering queries.")
    language = Language(random.Random(20))  # noqa: S311 - the same documents each time
    with scratch_home() as scratch:
        folders = {name: scratch / name for name in ("papers", "large", "documents")}
        for folder in folders.values():
            folder.mkdir()
        if large:
            size_bytes = make_large(folders["large"], large, language)
            asyncio.run(measure_memory(scratch / "large-home", folders["large"], size_bytes, "large", report))
            return report
        size_bytes = make_papers(folders["papers"], papers, language)
        asyncio.run(measure_memory(scratch / "papers-home", folders["papers"], size_bytes, "papers", report))
        size_bytes = make_documents(folders["documents"], documents, language)
        asyncio.run(measure(scratch / "home", folders["documents"], size_bytes, language, report))
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--papers", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=0)
    chosen = parser.parse_args()
    documents: int = chosen.documents
    papers: int = chosen.papers
    large: int = chosen.large
    run_figure(lambda: figure(documents, papers, large), limit_seconds=3_600 if large else 600)


if __name__ == "__main__":
    main()
