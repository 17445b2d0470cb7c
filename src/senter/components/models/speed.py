"""How fast the embedded model reads and writes here, and what follows: its threads, its batch, its time-outs.

The figures are assumed from the size of the file until they were measured (`trial`), and kept in a small file
of the home, by the content of the model file and by the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from senter.components.models.endpoint import Timeouts
from senter.components.models.machine import machine, physical_cores
from senter.files import replacing
from senter.files import size_bytes as size_of

BATCH_SECONDS = 0.3
"""A batch cannot be cancelled: the next person waits this long for the one that is being read."""
LEAST_BATCH, LARGEST_BATCH = 8, 128
LONGEST_READ_SECONDS = 20.0
ASSUMED_THREADS = 4
# A slow processor of today, per thread and per second: bytes of weights times tokens.
ASSUMED_READING, ASSUMED_WRITING = 30e9, 6e9
TYPICAL_BYTES = 10**9
# Nothing is gained by threads that make it faster by less than this.
WORTH_A_THREAD = 1.05
MARGIN = 4.0
"""What else runs on the machine, and other answers at the same time."""
LEAST_SILENCE_SECONDS, LEAST_ANSWER_SECONDS = 30.0, 60.0
KEPT_RECORDS = 20
SLOW = "The machine may be busy; a smaller model answers sooner. See: senter models list"


class ModelSpeed(BaseModel):
    """Tokens a second, and the threads that reach them."""

    model_config = ConfigDict(frozen=True)

    read: float = Field(gt=0)
    """Tokens of a prompt a second."""
    write: float = Field(gt=0)
    """Tokens of an answer a second."""
    reading_threads: int = Field(ge=1)
    writing_threads: int = Field(ge=1)
    measured: bool = True

    @property
    def batch_tokens(self) -> int:
        return max(LEAST_BATCH, min(LARGEST_BATCH, int(self.read * BATCH_SECONDS)))

    @property
    def longest_prompt_tokens(self) -> int:
        """What it reads in the time that a person may be made to wait for the first word."""
        return int(self.read * LONGEST_READ_SECONDS)

    def timeouts(self, connect_seconds: float, prompt_tokens: int, answer_tokens: int) -> Timeouts:
        """How long it may take to read so many tokens and to write so many."""
        silence = max(LEAST_SILENCE_SECONDS, prompt_tokens / self.read * MARGIN)
        answer = max(LEAST_ANSWER_SECONDS, answer_tokens / self.write * MARGIN)
        return Timeouts(connect=connect_seconds, silence=silence, answer=answer, advice=SLOW)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked how fast it is."""

    file: Path
    threads: int
    """As they are set; 0 leaves them to the measurement."""
    spares_memory: bool

    def key(self) -> str:
        """One content of a file on one machine. To spare memory makes too little difference. Raises `OSError`."""
        found = self.file.stat()
        content = f"{self.file.name} {found.st_size} {found.st_mtime_ns}"
        return f"{content}, threads {self.threads or 'measured'}, on {machine()}"


@dataclass(frozen=True, slots=True)
class TimedRun:
    """What one trial found, with so many threads for reading and for writing."""

    threads: int
    read: float
    write: float


def assumed_speed(how: Chosen) -> ModelSpeed:
    """What to go by until it was measured."""
    used = how.threads or min(physical_cores(), ASSUMED_THREADS)
    size_bytes = size_of(how.file) or TYPICAL_BYTES
    return ModelSpeed(
        read=ASSUMED_READING * used / size_bytes,
        write=ASSUMED_WRITING / size_bytes,
        reading_threads=used,
        writing_threads=used,
        measured=False,
    )


def threads_to_try(cores: int) -> tuple[int, ...]:
    """1, 2, 4 and so on, and all cores."""
    doubled = (2**power for power in range(cores.bit_length()))
    return tuple(sorted({*doubled, cores}))


def best_of(runs: Sequence[TimedRun]) -> ModelSpeed:
    """The fewest threads that are as good as any, for reading and for writing."""
    reading = _fewest(runs, lambda run: run.read)
    writing = _fewest(runs, lambda run: run.write)
    return ModelSpeed(
        read=reading.read, write=writing.write, reading_threads=reading.threads, writing_threads=writing.threads
    )


def _fewest(runs: Sequence[TimedRun], speed: Callable[[TimedRun], float]) -> TimedRun:
    best = max(map(speed, runs))
    return min((run for run in runs if speed(run) * WORTH_A_THREAD >= best), key=lambda run: run.threads)


class SpeedRecords:
    """What was measured, in a file of the home. What cannot be read was not measured."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def find(self, how: Chosen) -> ModelSpeed | None:
        with suppress(OSError):
            return self._all().get(how.key())
        return None

    def keep(self, how: Chosen, speed: ModelSpeed) -> None:
        """Raises `OSError`."""
        key = how.key()
        others = [(other, kept) for other, kept in self._all().items() if other != key]
        with replacing(self._file) as text:
            text.write(_RECORDS.dump_json(dict([*others, (key, speed)][-KEPT_RECORDS:]), indent=1).decode())

    def _all(self) -> dict[str, ModelSpeed]:
        try:
            return _RECORDS.validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return {}


_RECORDS = TypeAdapter(dict[str, ModelSpeed])
