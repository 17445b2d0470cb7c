"""The trash: what file_trash put away, each with a note of where it was. Nothing here is ever deleted by a goal.

`data/trash/ID/NAME` is the thing itself, `data/trash/ID.json` the note. The note comes first, so that
whatever is in the trash can be put back; it is never changed. `data/trash/ID.back` is there once it was put back.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from senter.clock import Clock
from senter.component.grants.holding import trash_folder
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.tools.file_read import read_whole
from senter.errors import ToolError
from senter.paths import Paths

NOTE, BACK = ".json", ".back"
ID_CHARACTERS = 16


class Trashed(BaseModel):
    """The note of one thing in the trash."""

    model_config = ConfigDict(frozen=True)

    id: str
    """Names it."""
    source: Path
    """Where it was."""
    trashed_at: AwareDatetime
    """When, UTC."""
    restored_at: AwareDatetime | None = None
    """When it was put back, UTC."""


@dataclass(frozen=True, slots=True)
class Trash:
    """Reached like everything else: through what a grant allows."""

    access: Access
    folder: Path
    clock: Clock

    def put_by(self, key: str) -> Trashed | None:
        """What a call with this key put away, as long as it lies here."""
        note = self._note(key[:ID_CHARACTERS])
        return note if note is not None and self._holds(note) else None

    def keep_copy(self, source: Path, key: str) -> Trashed:
        """Keep what a file holds before it is replaced. The same key does it once."""
        note = self._note(key[:ID_CHARACTERS])
        if note is None:
            note = Trashed(id=key[:ID_CHARACTERS], source=source, trashed_at=self.clock.now())
            self._keep(NOTE, note)
        if not self._holds(note):
            self.access.copy(source, self.place(note))
        return note

    def put(self, source: Path, key: str) -> Trashed:
        """Put a file or folder away. The same key does it once. Raises `ToolError` where nothing is."""
        note = self._note(key[:ID_CHARACTERS])
        if note is not None and self._holds(note):
            return note
        if not self.access.exists(source):
            raise ToolError(f"There is no {source}.", trusted=True)
        if note is None:
            note = Trashed(id=key[:ID_CHARACTERS], source=source, trashed_at=self.clock.now())
            self._keep(NOTE, note)
        self.access.move(source, self.place(note), for_now=True)
        return note

    def restore(self, trash_id: str) -> Trashed:
        """Put it back where it was; again is no error. Raises `ToolError` where that cannot be."""
        note = self._note(trash_id)
        if note is None:
            text = f"There is nothing in the trash with the id {trash_id}."
            raise ToolError(text, "See them with the tool trash_list.", trusted=True)
        if self._holds(note):
            self.access.move(self.place(note), note.source, for_now=True)
        elif note.restored_at is None and not self.access.exists(note.source):
            raise ToolError(f"{note.source} is neither in the trash nor where it was.")
        if note.restored_at is not None:
            return note
        restored = note.model_copy(update={"restored_at": self.clock.now()})
        self._keep(BACK, restored)
        return restored

    def put_away_from(self, source: Path) -> Trashed:
        """What was put away last from there; once it is back, still that. Raises `ToolError` where nothing was."""
        found = next((note for note in self._notes() if note.source == source), None)
        if found is None:
            text = f"Nothing in the trash was at {source}."
            raise ToolError(text, "See what is there with the tool trash_list.", trusted=True)
        return found

    def all(self) -> list[Trashed]:
        """What is in the trash now, the newest first."""
        return [note for note in self._notes() if self._holds(note)]

    def _holds(self, note: Trashed) -> bool:
        """A link itself counts: what a relative one led to is not beside it here."""
        folder = self.place(note).parent
        return self.access.exists(folder) and any(one.name == note.source.name for one in self.access.list(folder))

    def _notes(self) -> list[Trashed]:
        """Of what is in the trash or was, the newest first."""
        if not self.access.exists(self.folder):
            return []
        names = [entry.name for entry in self.access.list(self.folder) if entry.name.endswith(NOTE)]
        notes = [note for name in names if (note := self._note(name.removesuffix(NOTE)))]
        return sorted(notes, key=lambda note: note.trashed_at, reverse=True)

    def place(self, note: Trashed) -> Path:
        return self.folder / note.id / note.source.name

    def _keep(self, ending: str, note: Trashed) -> None:
        self.access.write(self.folder / f"{note.id}{ending}", note.model_dump_json(indent=2).encode(), replace=False)

    def _note(self, trash_id: str) -> Trashed | None:
        return self._read(f"{trash_id}{BACK}") or self._read(f"{trash_id}{NOTE}")

    def _read(self, name: str) -> Trashed | None:
        path = self.folder / name
        if not self.access.exists(path):
            return None
        try:
            return Trashed.model_validate_json(read_whole(self.access, path))
        except ValidationError:
            return None


def note_of(paths: Paths, trash_id: str) -> Trashed | None:
    """The note by itself, to tell what putting a thing back needs."""
    try:
        return Trashed.model_validate_json((trash_folder(paths) / f"{trash_id}{NOTE}").read_bytes())
    except (OSError, ValidationError):
        return None
