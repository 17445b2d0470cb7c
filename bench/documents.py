"""The documents component: how fast it indexes 10,000 documents of 100 MB, and how fast it then answers.

Makes its own documents in a temporary folder: words as frequent as in a language (Zipf), as text, Markdown
and HTML. Queries are of two to five words, from frequent to rare ones, some phrased as questions.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import time
from pathlib import Path

from measuring.homes import scratch_home
from measuring.report import Report, quantile, run_figure
from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.documents.spec import SPEC
from senter.messages.documents import AddFolder, Folder, ListFolders, SearchDocuments
from senter.messages.message import ComponentName

SYLLABLES = (
    "ka",
    "ro",
    "mi",
    "ten",
    "sol",
    "ver",
    "dan",
    "pli",
    "qu",
    "est",
    "or",
    "ing",
    "tion",
    "sor",
    "lam",
    "bo",
    "fi",
)
VOCABULARY = 60_000
CHARACTERS = 10_200
QUERIES = 300
QUERIES_MEANWHILE = 20
POLL_SECONDS = 0.05
ASKER = Manifest(sends=(AddFolder, ListFolders, SearchDocuments))


class Language:
    """Words, the first ones frequent."""

    def __init__(self, random_numbers: random.Random) -> None:
        self._random = random_numbers
        made = ("".join(self._random.choices(SYLLABLES, k=self._random.randint(2, 5))) for _ in range(VOCABULARY))
        self.words = list(dict.fromkeys(made))
        self._weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(self.words))))

    def paragraphs(self, characters: int) -> list[str]:
        words = self._random.choices(self.words, cum_weights=self._weights, k=characters // 10)
        return [" ".join(words[start : start + 90]) for start in range(0, len(words), 90)]

    def query(self) -> str:
        frequent = self._random.sample(self.words[:200], self._random.randint(0, 2))
        rarer = self._random.sample(self.words[200:20_000], self._random.randint(2, 3))
        words = " ".join(frequent + rarer)
        return words if self._random.random() < 0.5 else f"What is the {words}?"


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


async def measure(home: Path, folder: Path, size_bytes: int, language: Language) -> Report:
    report = Report("documents", "The documents component: indexing a folder, and answering queries.")
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
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    count: int = parser.parse_args().documents

    def figure() -> Report:
        language = Language(random.Random(20))  # noqa: S311 - the same documents each time
        with scratch_home() as scratch:
            folder = scratch / "documents"
            folder.mkdir()
            size_bytes = make_documents(folder, count, language)
            return asyncio.run(measure(scratch / "home", folder, size_bytes, language))

    run_figure(figure, limit_seconds=300)


if __name__ == "__main__":
    main()
