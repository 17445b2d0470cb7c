"""What level the answers of an exam give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from senter.components.models.exam.capable import capable_tasks
from senter.components.models.exam.structured import structured_tasks
from senter.components.models.exam.task import Draw, ExamTask
from senter.messages.model import Capability

PASS_SHARE = 0.8
"""Of the tasks of a level."""
LEAST_NO_SHARE = 0.6
"""Of those whose right answer is a no. Who always says yes is trusted with nothing, however many others it guesses."""


@dataclass(frozen=True, slots=True)
class Marked:
    """One task and whether its answer passed."""

    task: ExamTask
    passed: bool


def drawn_tasks(random: Random) -> list[ExamTask]:
    """A whole exam with values drawn anew."""
    draw = Draw(random)
    return [*structured_tasks(draw), *capable_tasks(draw)]


def level_of(marked: Sequence[Marked]) -> Capability:
    """The highest level whose tasks, and those of the levels below it, were passed; basic where none was."""
    reached = Capability.BASIC
    for level in (Capability.STRUCTURED, Capability.CAPABLE):
        if not _is_reached([mark for mark in marked if mark.task.level is level]):
            break
        reached = level
    return reached


def _is_reached(marked: Sequence[Marked]) -> bool:
    denials = [mark for mark in marked if mark.task.right_is_no]
    return share(marked) >= PASS_SHARE and share(denials) >= LEAST_NO_SHARE


def share(marked: Sequence[Marked]) -> float:
    """How many passed, 0 to 1; 0 where there are none."""
    return sum(mark.passed for mark in marked) / len(marked) if marked else 0.0


def tally(marked: Sequence[Marked]) -> dict[str, tuple[int, int]]:
    """How many passed of how many, by level."""
    return {level: (sum(one.passed for one in of), len(of)) for level, of in _by_level(marked) if of}


def _by_level(marked: Sequence[Marked]) -> Iterator[tuple[str, list[Marked]]]:
    for level in Capability:
        yield level.value, [mark for mark in marked if mark.task.level is level]
