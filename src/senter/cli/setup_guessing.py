"""What a machine says about whoever sits in front of it: the defaults that `senter setup` proposes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from senter.errors import SettingsError
from senter.moments.zones import user_zone

LANGUAGES = ("en", "de")
MOST_COUNTED = 10_000
LOOKED_FOR = ("Documents", "Dokumente", "Notes", "Notizen", "Papers", "Obsidian", "documents", "notes", "papers")
CALENDARS = ("*.ics", "Documents/*.ics", "Dokumente/*.ics", ".local/share/evolution/calendar/system/calendar.ics")


@dataclass(frozen=True, slots=True)
class FoundFolder:
    """A folder that may be worth reading, and how many files are in it, hidden ones left out."""

    path: Path
    files: int

    @property
    def count(self) -> str:
        """As people read it."""
        more = "more than " if self.files >= MOST_COUNTED else ""
        return f"{more}{self.files:,} file{'' if self.files == 1 else 's'}"


def guessed_name() -> str:
    """The first name of the account, or its login; empty for root."""
    try:
        import pwd

        account = pwd.getpwuid(os.getuid())
        login, full = account.pw_name, account.pw_gecos.partition(",")[0]
    except (ImportError, KeyError):
        login, full = os.environ.get("USERNAME", ""), ""
    if login in ("root", "nobody"):
        return ""
    return full.split(" ")[0] or login.capitalize()


def guessed_zone() -> str:
    """The machine's zone; empty where it does not say."""
    try:
        return user_zone("").key
    except SettingsError:
        return ""


def guessed_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the locale, where Senter speaks it; else empty."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    language = re.split(r"[_.@-]", said)[0].lower()
    return language if language in LANGUAGES else ""


def found_folders(home: Path) -> list[FoundFolder]:
    """The usual folders for papers that exist and are not empty."""
    paths = dict.fromkeys(path.resolve() for path in _candidates(home) if path.is_dir())
    counted = (FoundFolder(path, _count(path)) for path in paths if path != home.resolve())
    return [folder for folder in counted if folder.files]


def found_calendars(home: Path) -> list[Path]:
    """Calendar files at the usual places."""
    return [*dict.fromkeys(path for pattern in CALENDARS for path in sorted(home.glob(pattern)) if path.is_file())]


def _candidates(home: Path) -> Iterator[Path]:
    yield from _named_by_the_desktop(home)
    yield from (home / name for name in LOOKED_FOR)


def _named_by_the_desktop(home: Path) -> Iterator[Path]:
    try:
        text = (home / ".config" / "user-dirs.dirs").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    for place in re.findall(r'^XDG_DOCUMENTS_DIR="\$HOME/([^"]+)"', text, re.MULTILINE):
        yield home / place


def _count(folder: Path) -> int:
    """At most `MOST_COUNTED`."""
    found = 0
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += sum(not name.startswith(".") for name in files)
        if found >= MOST_COUNTED:
            return MOST_COUNTED
    return found
