"""How long the slowest of many texts takes that were made to be slow, in whatever reads words of people and pages.

The texts are made of what the rules themselves look for, the same ones in every run. What takes longer than
`GIVE_UP_SECONDS` of CPU is given up and counts as that long.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from random import Random
from types import FrameType
from zoneinfo import ZoneInfo

from measuring.report import Report, quantile, run_figure
from measuring.shapes import pieces_of, texts
from senter import masking
from senter.component import tokens
from senter.component.tool_talk import defusing, outside_text
from senter.component.tool_talk.written_json import objects_in
from senter.components.documents import words as search_words
from senter.components.documents.passages import passages
from senter.components.reporter import targets
from senter.components.scheduler.commands import schedule_words
from senter.components.task_engine.contract import call_arguments as arguments
from senter.components.task_engine.contract.material import LONGEST_DOCUMENT, MOST_DOCUMENTS, Material, SourceText
from senter.components.task_engine.offline import actions, clauses, drafting, extracting, places
from senter.components.task_engine.offline.comparison import Comparison
from senter.components.task_engine.offline.door import LONGEST_HERE, understand
from senter.components.task_engine.offline.rules import plan_of
from senter.components.task_engine.offline.summary import summarise
from senter.components.task_engine.tools import naming
from senter.components.task_engine.work import report_file as results
from senter.errors import InvalidInput
from senter.logs import records
from senter.moments import dates, finding
from senter.moments import tokens as moment_tokens
from senter.moments.words import words_of
from senter.quoting import grounding, sentences, words
from senter.sentences import ENGLISH
from senter.terminal import output

TEXTS = 100_000
CHARACTERS = 10_000
SEED = 17
MUST_REACH_SECONDS = 0.3
MUST_REACH_HERE_SECONDS = 0.1
MUST_REACH_WHOLE_SECONDS = 3.0
GIVE_UP_SECONDS = 10.0
SHOWN_CHARACTERS = 80
NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
TOOLS = (
    *("documents_search", "web_search", "web_fetch", "file_list", "file_sort", "file_read", "file_write", "file_move"),
    *("file_copy", "file_trash", "make_folder", "trash_restore", "email_draft", "note", "remind", "run_command"),
    *("calendar_add", "calendar_check"),
)
WITH_PATTERNS = (
    *(clauses, actions, places, arguments, finding, moment_tokens, masking, outside_text),
    *(defusing, targets, sentences, words, extracting, grounding, drafting, search_words, schedule_words, records),
    results,
)
Reader = Callable[[str], object]


def material(text: str) -> Material:
    middle = len(text) // 2
    return Material(
        documents=(
            SourceText(title=text[:100], address="a", text=text[:middle], subject=text[:50]),
            SourceText(title="b", address="b", text=text[middle:], subject="the other"),
        )
    )


def moment(text: str) -> None:
    """Whole, which is refused for its length, and as much of it as is looked at."""
    for words_of_it in (text, text[: dates.LONGEST_TEXT]):
        with suppress(InvalidInput):
            dates.parse_moment(words_of_it, NOW, LONDON)


def moments(text: str) -> None:
    finding.find_when(text, NOW, LONDON)
    finding.when_in(text, NOW, LONDON)


def plan(text: str) -> None:
    plan_of(understand(text, ["/home/ann/Papers"]), TOOLS)


def compare(text: str) -> None:
    comparison = Comparison(material(text), text[:100])
    comparison.conclusion(comparison.table())


def draft(text: str) -> None:
    found = material(text)
    outline = drafting.outline("report", text[:100], found)
    drafting.draft(outline, found)
    drafting.review(text, outline, 2)


def lengths(text: str) -> None:
    with suppress(InvalidInput):
        schedule_words.seconds(text, "--every")


def ground(text: str) -> None:
    documents = material(text).documents
    grounding.problems_with(text, documents)
    grounding.renumbered(text, documents)


def whole(text: str) -> None:
    """As much as there ever is for one summary or comparison: each document as long as may be, each one different."""
    turned = [text[place * 50 :] + text for place in range(MOST_DOCUMENTS)]
    found = Material.of(
        SourceText(
            title=f"document {place}", address=f"a{place}", text=each[:LONGEST_DOCUMENT], subject=f"thing {place % 10}"
        )
        for place, each in enumerate(turned)
    )
    summarise(found, text[:300])
    Comparison(found, text[:100]).table()


# Those whose figure must be reached by 100,000 texts.
EACH_TEXT: Mapping[str, Reader] = {
    "planner": plan,
    "planner, where it is not apart": lambda text: plan(text[-LONGEST_HERE:]),
    "dates": moment,
    "summary": lambda text: summarise(material(text), text[:300]),
}
EVERY_FOURTH: Mapping[str, Reader] = {
    "comparison": compare,
    "draft": draft,
    "grounding": ground,
    "reading": lambda text: extracting.about(text + text, text[:300]),
    "marks of outsiders": lambda text: outside_text.wrapped(text, text[:100]),
    "defusing": lambda text: defusing.defused(text, defusing.addresses_in(text[: len(text) // 2])),
    "masking": masking.mask_text,
    "complaints": targets.target_of("mailto://ann:secret@example.org").masked,
    "search": lambda text: (search_words.telling(text), list(passages(text))),
    "answers of models": lambda text: list(objects_in(text)),
    "prompts": lambda text: tokens.fitting_beginning(text, CHARACTERS),
    "names of files": lambda text: (naming.file_name(text, "key", ".md"), results.slug(text)),
    "logs and terminal": lambda text: (
        records.render_line(records.parse_line(text, "x"), LONDON),
        output.one_line(text),
    ),
    "lengths of time": lengths,
}
EVERY_TENTH: Mapping[str, Reader] = {"moments in a text": moments}
EVERY_TWO_THOUSANDTH: Mapping[str, Reader] = {"24 documents": whole}
TURNS = ((1, EACH_TEXT), (4, EVERY_FOURTH), (10, EVERY_TENTH), (2_000, EVERY_TWO_THOUSANDTH))


@dataclass
class Found:
    """What one reader took."""

    slowest_seconds: float = 0.0
    slowest: str = ""
    seconds_per_character: list[float] = field(default_factory=list[float])

    def take(self, seconds: float, number: int, text: str) -> None:
        self.seconds_per_character.append(seconds / len(text))
        if seconds > self.slowest_seconds:
            self.slowest_seconds, self.slowest = seconds, f"text {number} begins {text[:SHOWN_CHARACTERS]!r}"


def timed(reader: Reader, text: str) -> float:
    """Seconds of CPU."""
    signal.setitimer(signal.ITIMER_VIRTUAL, GIVE_UP_SECONDS)
    began = time.thread_time()
    with suppress(TimeoutError):
        reader(text)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - began


def given_up(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=TEXTS)
    options.add_argument("--characters", type=int, default=CHARACTERS)
    options.add_argument("--seed", type=int, default=SEED)
    chosen = options.parse_args()

    def figure() -> Report:
        report = Report("adversarial_texts", "CPU time of texts that were made to be slow, in whatever reads words.")
        random = Random(chosen.seed)  # noqa: S311 - the same in every run
        pieces = [*pieces_of(WITH_PATTERNS, random), *sorted(words_of(ENGLISH).starters)]
        found = {name: Found() for _, readers in TURNS for name in readers}
        for _, readers in TURNS:
            for reader in readers.values():  # what is loaded when it is first used
                reader("Tell me on friday at 9 what /a says.")
        signal.signal(signal.SIGVTALRM, given_up)
        for number, text in enumerate(islice(texts(pieces, random, chosen.characters), chosen.texts)):
            for every, readers in TURNS:
                if number % every == 0:
                    for name, reader in readers.items():
                        found[name].take(timed(reader, text), number, text)
        write(report, found, chosen.texts)
        return report

    run_figure(figure, limit_seconds=3 * 3_600)


def write(report: Report, found: Mapping[str, Found], count: int) -> None:
    report.single("texts", count, "texts")
    for name, each in found.items():
        per_character = [seconds * 1e6 for seconds in each.seconds_per_character]
        report.single(f"{name}: texts", len(per_character), "texts")
        report.single(f"{name}: slowest", each.slowest_seconds, "s CPU")
        for percent in (50, 99, 100):
            report.single(f"{name}: per character, p{percent}", quantile(per_character, percent), "µs CPU")
        report.note(f"{name}: {each.slowest}")
    limits = {"24 documents": MUST_REACH_WHOLE_SECONDS, "planner, where it is not apart": MUST_REACH_HERE_SECONDS}
    for name, each in found.items():
        report.at_most(f"slowest, {name}", each.slowest_seconds, limits.get(name, MUST_REACH_SECONDS), "s CPU")


if __name__ == "__main__":
    main()
