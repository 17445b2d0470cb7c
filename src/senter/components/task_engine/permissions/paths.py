"""Files, as far as a grant goes: every call names a path, which is resolved, compared with the roots, then
opened through held folders (folders.py), so that it cannot lead elsewhere in between.

Senter's own home is closed whatever is granted, but for the folders that goals work in.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from senter.clock import Clock
from senter.component.grants.roots import covered, resolved
from senter.components.task_engine.contract.access import FolderEntry
from senter.components.task_engine.permissions import links
from senter.components.task_engine.permissions.decide import ended, outside, readable, seen
from senter.components.task_engine.permissions.folders import LARGEST_FILE_BYTES, HeldFolder, explained
from senter.errors import PermissionNeeded, ToolError
from senter.messages.goals import Grant
from senter.messages.needs import CreatePath, Need, ReadPath, WritePath

MOST_ENTRIES = 10_000
PRIVATE = 0o600


class ConfinedFiles:
    """Does below the roots of a grant what they are for while it lasts, and nothing anywhere else."""

    def __init__(self, grant: Grant, clock: Clock, closed: Path, opened: Sequence[Path]):
        """`closed` is a folder nothing may enter, except where `opened` names a part of it."""
        self.grant = grant
        self._clock = clock
        self._read_roots = readable(grant)
        self._create_roots = (*grant.create_roots, *grant.write_roots)
        self._sort_roots = grant.sort_roots
        self._write_roots = grant.write_roots
        self._closed = resolved(closed) or closed
        self._opened = tuple(resolved(folder) or folder for folder in opened)
        self.made: list[Path] = []
        """The files that were made where nothing was, in order; one that moved is here under both names."""

    def open_for_reading(self, path: Path) -> BinaryIO:
        self._lasting(ReadPath(path=path))
        target = self._readable(path)
        with HeldFolder.open(target.parent) as folder:
            return folder.open_file(target.name)

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        """All or nothing: into a new file beside it, made durable, then renamed."""
        self._lasting(WritePath(path=path) if replace else CreatePath(path=path))
        _check_size(path, content)
        target = self._creatable(path)
        may_replace = replace and covered(target, self._write_roots)
        with HeldFolder.open(target.parent, make=True) as folder:
            new = folder.status(target.name) is None
            if replace and not (new or may_replace):
                raise PermissionNeeded([seen(WritePath(path=path))])
            mode = _replaceable(folder, target, replace=may_replace)
            with _arriving(folder, target.name, replace=may_replace, mode=mode) as file:
                file.write(content)
        if new:
            self.made.append(target)

    def rewrite(self, path: Path, content: bytes, *, was: bytes | None) -> None:
        """The same, unless another program wrote meanwhile: looked at as late as can be, right before the rename."""
        self._lasting(CreatePath(path=path) if was is None else WritePath(path=path))
        _check_size(path, content)
        target = self._creatable(path)
        if was is not None and not covered(target, self._write_roots):
            raise PermissionNeeded([seen(WritePath(path=path))])
        with HeldFolder.open(target.parent, make=True) as folder:
            mode = _replaceable(folder, target, replace=True)
            unchanged = partial(_check_unchanged, folder, target.name, was)
            with _arriving(folder, target.name, replace=was is not None, mode=mode, check=unchanged) as file:
                file.write(content)
        if was is None:
            self.made.append(target)

    def list(self, folder: Path) -> list[FolderEntry]:
        """What is in a folder, by name; hidden entries are left out, links are shown and not followed."""
        self._lasting(ReadPath(path=folder))
        target = self._readable(folder)
        entries: list[FolderEntry] = []
        with HeldFolder.open(target) as held:
            for name, found in held.statuses():
                if len(entries) >= MOST_ENTRIES:
                    text = f"{folder} holds more than {MOST_ENTRIES:,} entries."
                    raise ToolError(text, "Name a folder inside it.", trusted=True)
                if not name.startswith("."):
                    mode = found.st_mode
                    entry = FolderEntry(name, stat.S_ISDIR(mode), found.st_size, found.st_mtime, stat.S_ISLNK(mode))
                    entries.append(entry)
        return sorted(entries, key=lambda entry: entry.name)

    def make_folder(self, path: Path) -> None:
        self._lasting(CreatePath(path=path))
        with HeldFolder.open(self._creatable(path), make=True):
            pass

    def exists(self, path: Path) -> bool:
        self._lasting(ReadPath(path=path))
        target = self._readable(path)
        try:
            with HeldFolder.open(target.parent) as folder:
                return not target.name or folder.status(target.name) is not None
        except ToolError:
            return False

    def copy(self, source: Path, target: Path) -> None:
        """One file. Never replaces anything."""
        self._lasting(ReadPath(path=source), CreatePath(path=target))
        to = self._creatable(target)
        with self.open_for_reading(source) as file, HeldFolder.open(to.parent, make=True) as folder:
            _replaceable(folder, to, replace=False)
            with _arriving(folder, to.name, replace=False, mode=PRIVATE) as copied:
                shutil.copyfileobj(file, copied)
        self.made.append(to)

    def tied(self, folder: Path) -> frozenset[str]:
        self._lasting(ReadPath(path=folder))
        with HeldFolder.open(self._readable(folder)) as held:
            return frozenset(links.tied(held))

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        """A file, a folder or a link itself. Never replaces anything; the second of two same calls says so."""
        self._lasting(WritePath(path=source), CreatePath(path=target))
        origin, to = self._way(source, target)
        with HeldFolder.open(origin.parent) as old:
            if old.status(origin.name) is None:
                raise ToolError(f"There is no {source}.", trusted=True)
            if not for_now and (link := links.misled(old, origin.name, to)):
                raise ToolError(f"{link} is a link that would lead elsewhere from {target}.", "Make a new link there.")
            with HeldFolder.open(to.parent, make=True) as new:
                if not old.rename(origin.name, new, to.name, replace=False):
                    _carry_over(old, origin.name, new, to.name)
        if origin in self.made:
            self.made.append(to)

    def _lasting(self, *needs: Need) -> None:
        """A grant may end while a tool runs."""
        now = self._clock.now()
        if ended(self.grant, now):
            raise PermissionNeeded(outside(self.grant, needs, now))

    def _readable(self, path: Path) -> Path:
        target = resolved(path)
        if target is None or not covered(target, self._read_roots):
            raise PermissionNeeded([seen(ReadPath(path=path))])
        return self._not_closed(path, target)

    def _creatable(self, path: Path) -> Path:
        """A path for something new; whether it may replace what is there is another question."""
        target = resolved(path)
        if target is None or not covered(target, self._create_roots):
            raise PermissionNeeded([seen(CreatePath(path=path))])
        return self._not_closed(path, target)

    def _way(self, source: Path, target: Path) -> tuple[Path, Path]:
        """From where to where something is moved; below sort roots only into a folder beside it."""
        parent, to = resolved(source.parent), resolved(target)
        origin = None if parent is None else parent / source.name
        if origin and to and _is_sorting(origin, to) and self._sortable(origin) and self._sortable(to):
            return self._entry(source, self._sort_roots), to
        return self._entry(source, self._write_roots), self._creatable(target)

    def _sortable(self, path: Path) -> bool:
        return covered(path, self._sort_roots) and not path.is_relative_to(self._closed)

    def _entry(self, path: Path, roots: Sequence[str]) -> Path:
        """A path to move away: the links of its folder are resolved, it itself may be one."""
        parent = resolved(path.parent)
        nameless = resolved(path) is None or path.name in ("", "..")
        if nameless or parent is None or not covered(parent / path.name, roots):
            raise PermissionNeeded([seen(WritePath(path=path))])
        target = parent / path.name
        if target in self._opened or self._closed.is_relative_to(target):
            raise ToolError(f"{path} is Senter's own and stays where it is.", trusted=True)
        return self._not_closed(path, target)

    def _not_closed(self, path: Path, target: Path) -> Path:
        inside = target.is_relative_to(self._closed)
        if inside and not any(target.is_relative_to(folder) for folder in self._opened):
            raise ToolError(f"{path} is Senter's own and closed to goals.", trusted=True)
        return target


def _is_sorting(origin: Path, to: Path) -> bool:
    return to.name == origin.name and to.parent.parent == origin.parent


def _check_size(path: Path, content: bytes) -> None:
    if len(content) > LARGEST_FILE_BYTES:
        raise ToolError(f"{path} would be larger than {LARGEST_FILE_BYTES // 1024**2} MB.", trusted=True)


def _check_unchanged(folder: HeldFolder, name: str, was: bytes | None) -> None:
    now = None
    if folder.status(name) is not None:
        with folder.open_file(name) as file:
            now = file.read()
    if now != was:
        text = f"Another program changed {folder.path / name} meanwhile."
        raise ToolError(text, "Try again.", retryable=True, trusted=True)


def _replaceable(folder: HeldFolder, target: Path, *, replace: bool) -> int:
    """The mode for a file that is about to be written: its own where it is there, else private."""
    found = folder.status(target.name)
    if found is None:
        return PRIVATE
    if not replace:
        raise ToolError(f"{target} is already there.", "Choose another name.", trusted=True)
    if not stat.S_ISREG(found.st_mode):
        raise ToolError(f"{target} is not an ordinary file.", trusted=True)
    return stat.S_IMODE(found.st_mode) & 0o777


@contextmanager
def _arriving(
    folder: HeldFolder, name: str, *, replace: bool, mode: int, check: Callable[[], None] | None = None
) -> Generator[BinaryIO]:
    """A file that gets its name when it is whole and durable, and leaves nothing behind otherwise.

    `check` has the last word: what it raises keeps the file away.
    """
    arriving = f".senter-{secrets.token_hex(8)}"
    try:
        with explained(folder.path / name), folder.write_file(arriving, mode) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if check:
            check()
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
