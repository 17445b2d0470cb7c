"""What a grant can hold. What is closed to goals in any case would be shown in it and never be so."""

from __future__ import annotations

from pathlib import Path

from senter.component.grants.addresses import address_of, is_public
from senter.component.grants.hostnames import host_of
from senter.component.grants.roots import resolved
from senter.errors import InvalidInput
from senter.messages.goals import Grant
from senter.paths import Paths

KERNEL_FOLDERS = ("/proc", "/sys")
RESULTS, DRAFTS, NOTES, TRASH = "Focuses", "drafts", "notes", "trash"


def goal_folders(paths: Paths) -> tuple[Path, ...]:
    """Where goals put what they make, and what they set aside."""
    return tuple(paths.data / name for name in (RESULTS, DRAFTS, NOTES, TRASH))


def shared_folders(paths: Paths) -> tuple[Path, ...]:
    """Where goals add to what others and the user put there."""
    return (paths.data / DRAFTS, paths.data / NOTES)


def trash_folder(paths: Paths) -> Path:
    return paths.data / TRASH


def own_calendar(paths: Paths) -> Path:
    """Where appointments go while the settings name no other calendar."""
    return paths.data / "calendar.ics"


def open_to_goals(paths: Paths) -> tuple[Path, ...]:
    """The parts of Senter's own home that a grant can open; all else there stays closed whatever is granted."""
    return (*goal_folders(paths), own_calendar(paths))


def check_holds(grant: Grant, paths: Paths) -> None:
    """Raises `InvalidInput` for the first thing that no grant opens."""
    for root in (*grant.read_roots, *grant.create_roots, *grant.sort_roots, *grant.write_roots):
        _check_root(root, paths)
    for pattern in grant.hosts:
        if _is_near(host_of(pattern)):
            raise InvalidInput(
                f"{pattern} is this machine or its neighbourhood, which no goal reaches.", "Name a public host."
            )


def _check_root(root: str, paths: Paths) -> None:
    target = resolved(root)
    if target is None:
        raise InvalidInput(f"Cannot use {root} as a folder.", "Give the whole path, from the root.")
    if any(target.is_relative_to(folder) for folder in KERNEL_FOLDERS):
        raise InvalidInput(f"{root} holds the system's inside, which is closed to goals.", "Name a folder with files.")
    opened = (resolved(folder) or folder for folder in open_to_goals(paths))
    if target.is_relative_to(paths.home.resolve()) and not any(target.is_relative_to(folder) for folder in opened):
        raise InvalidInput(f"{root} is Senter's own and closed to goals.", "Name a folder with your own files.")


def _is_near(host: str) -> bool:
    address = address_of(host)
    if address is None:  # a name; what it stands for is judged when it is reached
        return host == "localhost" or host.endswith(".localhost")
    return not is_public(address)
