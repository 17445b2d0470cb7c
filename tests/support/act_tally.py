"""Counts which acts of labelled sentences are found, and whether their times are right.

Goal, work, reminder, event, schedule, completion, note, change and undo are acts; a question and small talk are the
absence of one. An act is found where one of its kind is, whatever the order, each once. Its due time, end and
recurrence must be exact, and for events whether whole days are meant. Sentences that are to be asked about do not count
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from senter.messages.acts import Act, ActKind
from senter.messages.understanding import Understanding
from tests.support.labelled_sets import SAYS_NOTHING_TO_DO, ActLabel, LabelledSentence, LabelledText, TimesLabel
from tests.support.said_times import Times, on_clock_of, same_times


@dataclass
class ActTally:
    """How many there were of each, over all sentences, and what went wrong."""

    right: int = 0
    found: int = 0
    labelled: int = 0
    exact: int = 0
    failures: list[str] = field(default_factory=list[str])

    @property
    def precision(self) -> float:
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.labelled)

    @property
    def exact_share(self) -> float:
        return self.exact / max(1, self.right)

    def count(self, sentence: LabelledSentence, understood: Understanding) -> None:
        # Where several kinds are right and one is no act, none of them must be found, and each may be.
        uncounted = SAYS_NOTHING_TO_DO.union(*(act.kinds for act in sentence.acts if not act.counts))
        found = [act for act in acts_of(understood) if act.kind not in uncounted]
        wanted = [act for act in sentence.acts if act.counts]
        pairs = list(_paired(sentence, wanted, found))
        exact = [has_times(sentence, label, act) for label, act in pairs]
        self.found += len(found)
        self.labelled += len(wanted)
        self.right += len(pairs)
        self.exact += sum(exact)
        if not len(found) == len(wanted) == len(pairs) or not all(exact):
            self.failures.append(shown(sentence, understood, sentence.acts))


def acts_of(understood: Understanding) -> Sequence[Act]:
    """Those that were understood; where something is asked first, those that wait for the answer."""
    return understood.acts or (understood.question.acts if understood.question else ())


def has_times(said: LabelledText, label: TimesLabel, act: Act) -> bool:
    """Whether the act is at one of the times that are right."""
    now = said.moment.astimezone(said.zone).replace(tzinfo=None)
    found = Times(
        on_clock_of(act.due, act.zone, said.zone),
        on_clock_of(act.end, act.zone, said.zone),
        act.recurrence,
        act.all_day,
    )
    whole_days_matter = act.kind is ActKind.EVENT
    return any(same_times(found, right, now, whole_days_matter=whole_days_matter) for right in label.alternatives)


def shown(said: LabelledText, understood: Understanding, right: Sequence[TimesLabel]) -> str:
    """What was said, what is right and what was found, for who looks why."""
    labels = "; ".join(label.model_dump_json(exclude_defaults=True) for label in right)
    found = "; ".join(
        act.model_dump_json(
            include={"kind", "gist", "due", "end", "recurrence", "all_day", "zone"}, exclude_defaults=True
        )
        for act in acts_of(understood)
    )
    asked = f" asks: {understood.question.question}" if understood.question else ""
    return f"{said.id} {said.now} {said.text}\n    right: {labels}\n    found: {found}{asked}"


def _paired(
    sentence: LabelledSentence, wanted: Sequence[ActLabel], found: Sequence[Act]
) -> Iterator[tuple[ActLabel, Act]]:
    """Labels with acts of their kind, those of the same time first."""
    left_wanted, left_found = list(wanted), list(found)
    for times_matter in (True, False):
        for label in tuple(left_wanted):
            fits = [act for act in left_found if act.kind in label.kinds]
            act = next((act for act in fits if not times_matter or has_times(sentence, label, act)), None)
            if act:
                left_wanted.remove(label)
                left_found.remove(act)
                yield label, act
