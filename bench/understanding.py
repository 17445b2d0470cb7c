"""What is understood of 400 labelled sentences, half of them traps, of 200 expressions of time and 120 questions.

`--language de`: of 200 sentences and 150 expressions of time in German.

`--failures` writes the sentences that were read wrongly to standard error. Without it only totals are shown, so that
rules can be measured by somebody who is not to see the sentences.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

from measuring.report import Report, quantile, run_figure
from senter.messages.acts import ActKind, Subject
from senter.messages.understanding import Understanding
from senter.sentences import ENGLISH
from senter.understanding.known import NOTHING, Known
from senter.understanding.reading import understand
from tests.support.act_tally import ActTally, acts_of, has_times, shown
from tests.support.labelled_sets import (
    SAYS_NOTHING_TO_DO,
    LabelledMoment,
    LabelledQuestion,
    LabelledSentence,
    LabelledText,
    questions,
    sentences,
    sentences_of_time,
)

SUBJECTS = 0.95
P50_MS, P99_MS = 15, 60


class Floors(NamedTuple):
    """What must be reached, as shares."""

    precision: float
    recall: float
    exact: float
    moments: float
    asked_back: float


FLOORS = {
    "en": Floors(precision=0.95, recall=0.88, exact=0.97, moments=0.97, asked_back=0.10),
    "de": Floors(precision=0.92, recall=0.80, exact=0.90, moments=0.90, asked_back=0.12),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--failures", action="store_true", help="show the sentences that were read wrongly")
    options.add_argument("--language", choices=FLOORS, default=ENGLISH, help="of which language")
    chosen = options.parse_args()
    language: str = chosen.language
    floors = FLOORS[language]

    def figure() -> Report:
        name = "understanding" if language == ENGLISH else f"understanding_{language}"
        report = Report(name, "what labelled sentences are understood to mean")
        failures = [
            *_acts(report, sentences(language), floors),
            *_times(report, sentences_of_time(language), floors),
            *(_subjects(report, questions()) if language == ENGLISH else []),
        ]
        if chosen.failures:
            sys.stderr.write("".join(f"{failure}\n" for failure in failures))
        return report

    run_figure(figure, limit_seconds=300)


def _acts(report: Report, said: Sequence[LabelledSentence], floors: Floors) -> list[str]:
    read(said[0], said[0].known)  # what the first reading loads is not timed
    milliseconds = list[float]()
    tally, traps = ActTally(), ActTally()
    asked = list[bool]()
    asked_rightly = list[bool]()
    nothing_to_do = list[bool]()
    failures = list[str]()
    for sentence in said:
        begun = time.perf_counter()
        understood = read(sentence, sentence.known)
        milliseconds.append((time.perf_counter() - begun) * 1_000)
        (asked if sentence.one_reading else asked_rightly).append(understood.question is not None)
        if sentence.one_reading:
            tally.count(sentence, understood)
            if understood.question:
                failures.append(shown(sentence, understood, sentence.acts))
            if sentence.trap:
                traps.count(sentence, understood)
            if not any(act.counts for act in sentence.acts):
                nothing_to_do.append(_is_that_kind(sentence, understood))
    report.at_least("acts: precision", tally.precision, floors.precision)
    report.at_least("acts: recall", tally.recall, floors.recall)
    report.at_least("acts: times exact, of those found", tally.exact_share, floors.exact)
    report.at_most("asked back, of sentences with one right reading", share(asked), floors.asked_back)
    report.single("asked back, of those that must be", share(asked_rightly), "share")
    report.single("traps: acts found that are none", traps.found - traps.right, "acts")
    report.single("questions and talk told apart", share(nothing_to_do), "share")
    report.measured("understand", milliseconds)
    report.at_most("understand: p50", quantile(milliseconds, 50), P50_MS, "ms")
    report.at_most("understand: p99", quantile(milliseconds, 99), P99_MS, "ms")
    return [*dict.fromkeys((*tally.failures, *failures))]


def _is_that_kind(sentence: LabelledSentence, understood: Understanding) -> bool:
    """Whether a question is found to be one, and talk to be talk."""
    kinds = {act.kind for act in understood.acts} or {ActKind.TALK}
    return kinds <= {kind for act in sentence.acts for kind in act.kinds}


def _times(report: Report, said: Sequence[LabelledMoment], floors: Floors) -> list[str]:
    understood = [(sentence, read(sentence)) for sentence in said]
    wrong = [pair for pair in understood if not _is_at_its_time(*pair)]
    report.at_least("expressions of time: exact", 1 - len(wrong) / len(said), floors.moments)
    return [shown(*pair, [pair[0]]) for pair in wrong]


def _is_at_its_time(sentence: LabelledMoment, understood: Understanding) -> bool:
    act = next((act for act in acts_of(understood) if act.kind not in SAYS_NOTHING_TO_DO), None)
    if sentence.outcome == "refused":
        return understood.question is not None and (act is None or act.due is None)
    return act is not None and has_times(sentence, sentence, act)


def _subjects(report: Report, asked: Sequence[LabelledQuestion]) -> list[str]:
    said = LabelledText(id="", text="", now="2026-11-30T10:15:00+00:00[Europe/London]")
    found = [(question, _subject(said.model_copy(update={"text": question.text}))) for question in asked]
    wrong = [(question, subject) for question, subject in found if subject is not question.subject]
    report.at_least("whose affairs a question is about", 1 - len(wrong) / len(asked), SUBJECTS)
    return [
        f"{question.id} {question.text}\n    right: {question.subject}\n    found: {found}" for question, found in wrong
    ]


def _subject(said: LabelledText) -> Subject | None:
    return next((act.subject for act in read(said).acts if act.kind is ActKind.QUESTION), None)


def read(said: LabelledText, known: Known = NOTHING) -> Understanding:
    return understand(said.text, said.moment, said.zone, known)


def share(held: Sequence[bool]) -> float:
    return sum(held) / max(1, len(held))


if __name__ == "__main__":
    main()
