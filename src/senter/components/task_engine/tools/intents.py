"""What a call is about to do, written down before it does it, so that it can be undone or finished afterwards."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from senter.components.task_engine.contract.access import Access
from senter.errors import ToolError
from senter.files import replacing
from senter.paths import Paths


class Identity(BaseModel):
    """What a file or folder keeps when it is moved."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    is_folder: bool
    size_bytes: int
    modified_at: float

    def is_same(self, other: Identity) -> bool:
        """What is in a folder may have changed: it moves with it."""
        return self == other or (self.is_folder and other.is_folder)

    @staticmethod
    def of(access: Access, path: Path) -> Identity | None:
        """None where nothing is."""
        entries = access.list(path.parent) if access.exists(path) else ()
        return next((Identity.model_validate(entry) for entry in entries if entry.name == path.name), None)


class FileIntent(BaseModel):
    """One thing that is about to be moved."""

    model_config = ConfigDict(frozen=True)

    source: Path
    target: Path
    identity: Identity


class Intents:
    """One small file for each call, named by its idempotency key, in Senter's own data folder."""

    def __init__(self, paths: Paths) -> None:
        self._folder = paths.data / "intents"

    def keep(self, key: str, intent: FileIntent) -> None:
        """On disk when it returns."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with replacing(self._path(key)) as file:
                file.write(intent.model_dump_json())
        except OSError as error:
            text = f"Senter cannot write down what it is about to do: {error.strerror}."
            raise ToolError(text, trusted=True) from error

    def find(self, key: str) -> FileIntent | None:
        try:
            return FileIntent.model_validate_json(self._path(key).read_bytes())
        except (OSError, ValidationError):
            return None

    def forget(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
