"""Files, as far as a grant goes: every call names a path, which is resolved, compared with the roots, then
opened through held folders (folders.py), so that it cannot lead elsewhere in between.

Senter's own home is closed whatever is granted, but for the folders that goals work in.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from senter.component.grants.roots import covered, resolved
from senter.components.task_engine.permissions import links
from senter.components.task_engine.permissions.access import Entry
from senter.components.task_engine.permissions.decide import words
from senter.components.task_engine.permissions.folders import LARGEST_FILE_BYTES, HeldFolder, told
from senter.components.task_engine.permissions.needs import ReadPath, WritePath
from senter.errors import PermissionNeeded, ToolError

MOST_ENTRIES = 10_000
PRIVATE = 0o600


class ConfinedFiles:
    """Reads below read and write roots, writes below write roots, and does nothing anywhere else."""

    def __init__(self, read_roots: Sequence[str], write_roots: Sequence[str], closed: Path, opened: Sequence[Path]):
        """`closed` is a folder nothing may enter, except where `opened` names a part of it."""
        self._read_roots = (*read_roots, *write_roots)
        self._write_roots = tuple(write_roots)
        self._closed = resolved(closed) or closed
        self._opened = tuple(resolved(folder) or folder for folder in opened)

    def open_for_reading(self, path: Path) -> BinaryIO:
        target = self._readable(path)
        with HeldFolder.open(target.parent) as folder:
            return folder.open_file(target.name)

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        """All or nothing: into a new file beside it, made durable, then renamed."""
        if len(content) > LARGEST_FILE_BYTES:
            raise ToolError(f"{path} would be larger than {LARGEST_FILE_BYTES // 1024**2} MB.")
        target = self._writable(path)
        with HeldFolder.open(target.parent, make=True) as folder:
            mode = _replaceable(folder, target, replace=replace)
            with _arriving(folder, target.name, replace=replace, mode=mode) as file:
                file.write(content)

    def list(self, folder: Path) -> list[Entry]:
        """What is in a folder, by name; hidden entries are left out, links are shown and not followed."""
        target = self._readable(folder)
        entries: list[Entry] = []
        with HeldFolder.open(target) as held:
            for name, found in held.statuses():
                if len(entries) >= MOST_ENTRIES:
                    raise ToolError(f"{folder} holds more than {MOST_ENTRIES:,} entries.", "Name a folder inside it.")
                if not name.startswith("."):
                    entries.append(_entry_of(name, found))
        return sorted(entries, key=lambda entry: entry.name)

    def make_folder(self, path: Path) -> None:
        with HeldFolder.open(self._writable(path), make=True):
            pass

    def exists(self, path: Path) -> bool:
        target = self._readable(path)
        try:
            with HeldFolder.open(target.parent) as folder:
                return not target.name or folder.status(target.name) is not None
        except ToolError:
            return False

    def copy(self, source: Path, target: Path) -> None:
        """One file. Never replaces anything."""
        to = self._writable(target)
        with self.open_for_reading(source) as file, HeldFolder.open(to.parent, make=True) as folder:
            _replaceable(folder, to, replace=False)
            with _arriving(folder, to.name, replace=False, mode=PRIVATE) as copied:
                shutil.copyfileobj(file, copied)

    def tied(self, folder: Path) -> frozenset[str]:
        with HeldFolder.open(self._readable(folder)) as held:
            return links.tied(held)

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        """A file, a folder or a link itself. Never replaces anything; the second of two same calls says so."""
        origin, to = self._entry(source), self._writable(target)
        with HeldFolder.open(origin.parent) as old:
            if old.status(origin.name) is None:
                raise ToolError(f"There is no {source}.")
            if not for_now and (link := links.misled(old, origin.name, to)):
                raise ToolError(f"{link} is a link that would lead elsewhere from {target}.", "Make a new link there.")
            with HeldFolder.open(to.parent, make=True) as new:
                if not old.rename(origin.name, new, to.name, replace=False):
                    _carry_over(old, origin.name, new, to.name)

    def _readable(self, path: Path) -> Path:
        target = resolved(path)
        if target is None or not covered(target, self._read_roots):
            raise PermissionNeeded([words(ReadPath(path))])
        return self._not_closed(path, target)

    def _writable(self, path: Path) -> Path:
        target = resolved(path)
        if target is None or not covered(target, self._write_roots):
            raise PermissionNeeded([words(WritePath(path))])
        return self._not_closed(path, target)

    def _entry(self, path: Path) -> Path:
        """A path to move away: the links of its folder are resolved, it itself may be one."""
        parent = resolved(path.parent)
        nameless = resolved(path) is None or path.name in ("", "..")
        if nameless or parent is None or not covered(parent / path.name, self._write_roots):
            raise PermissionNeeded([words(WritePath(path))])
        target = parent / path.name
        if target in self._opened or self._closed.is_relative_to(target):
            raise ToolError(f"{path} is Senter's own and stays where it is.")
        return self._not_closed(path, target)

    def _not_closed(self, path: Path, target: Path) -> Path:
        inside = target.is_relative_to(self._closed)
        if inside and not any(target.is_relative_to(folder) for folder in self._opened):
            raise ToolError(f"{path} is Senter's own and closed to goals.")
        return target


def _entry_of(name: str, found: os.stat_result) -> Entry:
    is_folder, is_link = stat.S_ISDIR(found.st_mode), stat.S_ISLNK(found.st_mode)
    return Entry(name, is_folder, found.st_size, found.st_mtime, is_link)


def _replaceable(folder: HeldFolder, target: Path, *, replace: bool) -> int:
    """The mode for a file that is about to be written: its own where it is there, else private."""
    found = folder.status(target.name)
    if found is None:
        return PRIVATE
    if not replace:
        raise ToolError(f"{target} is already there.", "Choose another name.")
    if not stat.S_ISREG(found.st_mode):
        raise ToolError(f"{target} is not an ordinary file.")
    return stat.S_IMODE(found.st_mode) & 0o777


@contextmanager
def _arriving(folder: HeldFolder, name: str, *, replace: bool, mode: int) -> Generator[BinaryIO]:
    """A file that gets its name when it is whole and durable, and leaves nothing behind otherwise."""
    arriving = f".senter-{secrets.token_hex(8)}"
    try:
        with told(folder.path / name), folder.write_file(arriving, mode) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        folder.rename(arriving, folder, name, replace=replace)
    except BaseException:
        with suppress(ToolError):
            folder.remove(arriving)
        raise


def _carry_over(old: HeldFolder, name: str, new: HeldFolder, new_name: str) -> None:
    """Move a file to another file system: there first, then gone here."""
    with old.open_file(name) as file, _arriving(new, new_name, replace=False, mode=PRIVATE) as copied:
        shutil.copyfileobj(file, copied)
    old.remove(name)
    old.sync()
