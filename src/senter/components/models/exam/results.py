"""What exams showed: those that ship with Senter, by the model file's sum, and those that were held here.

Each model that was examined here has one small file in the home, replaced as a whole. Who examines holds the lock of
the folder, which goes with its process: so one exam at a time, and one writer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, TypeAdapter, ValidationError

from senter.components.models.exam.features import Features
from senter.files import held_alone, replacing
from senter.messages.model import Capability

SHIPPED = Path(__file__).with_name("shipped.json")
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model it is that answers: another one behind the same name differs in what the server tells of it."""

    model: str
    address: str
    told: str = ""
    sha256: str = ""
    """Of its file, where that is known."""


class ExamRecord(BaseModel):
    """What one exam showed."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str
    address: str = ""
    told: str = ""
    level: Capability | None = None
    """None where the exam came to no end."""
    features: Features = Features()
    passed: dict[str, tuple[int, int]] = {}
    """By level, how many tasks of how many."""
    why: str = ""
    """Why it came to no end, for people."""
    seconds: float = 0.0
    tokens: int = 0
    at: AwareDatetime | None = None
    broken_off: int = 0
    """How often its process ended in the middle of it since the last that came to an end."""


class ExamResults:
    """The results in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, identity: ModelIdentity) -> ExamRecord | None:
        """The exam of this very model; None where it has none, or only that of another one behind its name."""
        found = self.last(identity)
        return found if found and found.told == identity.told else None

    def begin(self, identity: ModelIdentity) -> ExamRecord:
        """Note that an exam begins, so that one which ends its process each time is seen."""
        found = self.find(identity) or ExamRecord(model=identity.model, address=identity.address, told=identity.told)
        begun = found.model_copy(update={"broken_off": found.broken_off + 1})
        self.keep(begun)
        return found

    def keep(self, record: ExamRecord) -> None:
        """Put a record in the place of what was known of that name at that address. Raises `OSError`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(self._path(record.model, record.address)) as file:
            file.write(record.model_dump_json(indent=1))

    @contextmanager
    def alone(self) -> Generator[bool]:
        """Whether nobody else in this home holds an exam during the block."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with held_alone(self._folder / "lock") as alone:
            yield alone

    def last(self, identity: ModelIdentity) -> ExamRecord | None:
        """The last exam of that name at that address, whichever model it was. A file that cannot be read is none."""
        path = self._path(identity.model, identity.address)
        with suppress(OSError, ValidationError), path.open("rb") as file:
            return ExamRecord.model_validate_json(file.read(MOST_BYTES))
        return None

    def _path(self, model: str, address: str) -> Path:
        digest = hashlib.sha256(json.dumps([model, address]).encode()).hexdigest()
        return self._folder / f"{digest[:32]}.json"


@cache
def shipped() -> dict[str, ExamRecord]:
    """The exams of the catalogue's files, by SHA-256."""
    return TypeAdapter(dict[str, ExamRecord]).validate_json(SHIPPED.read_bytes())
