"""Goes through a folder and says what changed. Nothing outside it is opened, whatever is swapped meanwhile.

Folders are opened one inside the other and never through a link, so that a folder that becomes a link
between look and open leads nowhere (openat(2) with O_NOFOLLOW; where that is missing, links are only
looked for). Links are left out: what they lead to may be anywhere.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from senter.component.kinds import IMAGE, NO_KIND, FileKind, is_image, kind_of
from senter.component.readable import is_text
from senter.components.documents.presence import NOT_THERE, IsMount, is_away

DEEPEST = 64
MOST_NAMED = 100
OPEN_AT = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd and os.scandir in os.supports_fd
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
READ_FOLDER = os.O_RDONLY | NO_LINK | getattr(os, "O_DIRECTORY", 0)
READ_FILE = os.O_RDONLY | NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
# Gone, closed to us, or a link by now: its files leave the index.
LEFT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM)

TOO_LARGE = "It is larger than documents.max_file_mb allows."


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file that has the same one is taken to be unchanged."""

    size: int
    modified_ns: int
    inode: int


# Looked at again each time: what could not be read may be readable by then, and no stamp shows that.
UNREAD = Stamp(-1, 0, 0)


@dataclass(frozen=True, slots=True)
class Found:
    """A new or changed file, with its content or why there is none."""

    directory: str
    name: str
    stamp: Stamp
    kind: FileKind
    content: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that was there before."""

    directory: str
    name: str


@dataclass(slots=True)
class PassedOver:
    """The files of one folder that are not looked into."""

    count: int = 0
    """Of all, images too."""
    named: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """The first of them with the reason; a name that is no text is escaped."""
    image_count: int = 0
    images: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """The first images, apart: a folder of photographs hides nothing else."""

    def add(self, name: str, reason: str) -> None:
        self.count += 1
        _note(self.named, name, reason)

    def add_image(self, name: str) -> None:
        self.count += 1
        self.image_count += 1
        _note(self.images, name, IMAGE)


@dataclass(slots=True)
class Walk:
    """One way through one folder."""

    root: Path
    known: Callable[[str], Mapping[str, Stamp]]
    """What is in the index of a folder: stamps by name."""
    excluded: tuple[str, ...]
    left_out: tuple[Path, ...]
    """Folders that are not entered."""
    max_file_bytes: int
    directories: set[str] = field(default_factory=set[str])
    """Those that were gone through, for the caller."""
    passed_over: defaultdict[str, PassedOver] = field(default_factory=lambda: defaultdict(PassedOver))
    """Files of no known kind, links, and what has a name that is no text, by folder, for the caller."""
    known_mounts: Collection[str] = ()
    """Folders that were file systems of their own, such as a stick, when they were last gone through."""
    mounts: set[str] = field(default_factory=set[str])
    """Those that are so now, for the caller."""
    away: set[str] = field(default_factory=set[str])
    """Folders that are not there now, or cannot be listed; what is known of them is to be kept."""
    is_mount: IsMount = os.path.ismount

    def changes(self) -> Generator[Found | Gone]:
        """What differs from the index. Raises `OSError` when the root cannot be opened, or is away."""
        self._check_root()
        descriptor = os.open(self.root, READ_FOLDER) if OPEN_AT else None
        yield from self._folder(self.root, descriptor, 0)
        for mount in map(Path, self.known_mounts):
            if mount.is_relative_to(self.root) and str(mount) not in self.directories:
                self._note_away(mount)

    def keeps(self, directory: Path) -> bool:
        """Whether what is known of a folder is to stay: it was gone through, or is away."""
        return str(directory) in self.directories or self.is_below_away(directory)

    def is_below_away(self, directory: Path) -> bool:
        return any(directory.is_relative_to(away) for away in self.away)

    def _folder(self, folder: Path, descriptor: int | None, depth: int) -> Generator[Found | Gone]:
        try:
            self.directories.add(str(folder))
            if self.is_mount(folder):
                self.mounts.add(str(folder))
            known = dict(self.known(str(folder)))
            inner: list[str] = []
            for entry in _entries(folder, descriptor):
                if any(fnmatch(entry.name, pattern) for pattern in self.excluded):
                    continue
                if not is_text(entry.name):
                    self.passed_over[str(folder)].add(repr(entry.name)[1:-1], "Its name cannot be read as text.")
                elif entry.is_dir(follow_symlinks=False):
                    inner.append(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    yield from self._file(folder, descriptor, entry, known)
                else:
                    reason = "It is a link; links are not followed." if entry.is_symlink() else "It is not a file."
                    self.passed_over[str(folder)].add(entry.name, reason)
            for name in known:
                yield Gone(str(folder), name)
            for name in sorted(inner) if depth < DEEPEST else ():
                yield from self._enter(folder / name, name, descriptor, depth + 1)
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _enter(self, folder: Path, name: str, above: int | None, depth: int) -> Generator[Found | Gone]:
        if folder in self.left_out or is_away(folder, self.known_mounts, self.is_mount):
            return
        try:
            descriptor = os.open(name, READ_FOLDER, dir_fd=above) if above is not None else None
            yield from self._folder(folder, descriptor, depth)
        except OSError as error:
            if error.errno not in LEFT:
                self._note_away(folder)

    def _note_away(self, folder: Path) -> None:
        self.away.add(str(folder))
        self.passed_over[str(folder.parent)].add(folder.name, NOT_THERE)

    def _check_root(self) -> None:
        """Raises `OSError` when it is away: a stick may be pulled out while it is read."""
        os.scandir(self.root).close()
        if is_away(self.root, self.known_mounts, self.is_mount):
            raise FileNotFoundError(errno.ENOENT, "not there now")

    def _file(
        self, folder: Path, above: int | None, entry: os.DirEntry[str], known: dict[str, Stamp]
    ) -> Generator[Found]:
        kind = kind_of(Path(entry.name))
        if kind is None:
            self._pass_over(folder, entry.name)
            return
        before = known.pop(entry.name, None)
        with suppress(OSError):
            if before != _stamp(entry.stat(follow_symlinks=False)):
                yield self._read(folder, above, entry.name, kind)

    def _pass_over(self, folder: Path, name: str) -> None:
        if is_image(Path(name)):
            self.passed_over[str(folder)].add_image(name)
        else:
            self.passed_over[str(folder)].add(name, NO_KIND)

    def _read(self, folder: Path, above: int | None, name: str, kind: FileKind) -> Found:
        path = name if above is not None else folder / name
        try:
            descriptor = os.open(path, READ_FILE, dir_fd=above)
        except OSError as error:
            return self._unread(folder, name, kind, f"It cannot be opened: {error.strerror}.")
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                return Found(str(folder), name, UNREAD, kind, problem="It is not a regular file.")
            if found.st_size > self.max_file_bytes:
                return Found(str(folder), name, _stamp(found), kind, problem=TOO_LARGE)
            try:
                content = file.read(self.max_file_bytes + 1)
            except OSError as error:
                return self._unread(folder, name, kind, f"It cannot be read: {error.strerror}.")
        if len(content) > self.max_file_bytes:
            return Found(str(folder), name, UNREAD, kind, problem="It grew beyond the limit.")
        return Found(str(folder), name, _stamp(found), kind, content)

    def _unread(self, folder: Path, name: str, kind: FileKind, problem: str) -> Found:
        self._check_root()
        return Found(str(folder), name, UNREAD, kind, problem=problem)


def _note(names: list[tuple[str, str]], name: str, reason: str) -> None:
    if len(names) < MOST_NAMED:
        names.append((name, reason))


def _entries(folder: Path, descriptor: int | None) -> list[os.DirEntry[str]]:
    with os.scandir(folder if descriptor is None else descriptor) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _stamp(found: os.stat_result) -> Stamp:
    # SQLite holds 63 bits; some file systems number their files with 64.
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino & 0x7FFF_FFFF_FFFF_FFFF)
