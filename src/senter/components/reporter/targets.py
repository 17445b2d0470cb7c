"""Where notifications go: addresses from the settings, known in the database by a fingerprint only."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass

from senter.masking import MASK

# The desktop is no Apprise URL: which plug-in shows something on it depends on the system.
DESKTOP = "desktop:"


@dataclass(frozen=True, slots=True)
class Target:
    """One place. `key` names it in the database, `shown` to people; `address` is a secret."""

    key: str
    shown: str
    address: str


def target_of(address: str) -> Target:
    key = hashlib.sha256(address.encode(errors="replace")).hexdigest()[:16]
    return Target(key, shown(address), address)


def shown(address: str) -> str:
    """The service only: what follows may be a token, a mailbox or a phone number."""
    if address == DESKTOP:
        return "desktop"
    return f"{address.partition(':')[0].lower()}://{MASK}"


def targets_of(addresses: tuple[str, ...], *, desktop: bool) -> tuple[Target, ...]:
    """Those in the settings, and the desktop where there is one and it is wanted."""
    places = [DESKTOP, *addresses] if desktop and has_desktop() else list(addresses)
    return tuple(target_of(address) for address in places)


def has_desktop() -> bool:
    """Whether this process belongs to a session with a screen and something to show a notification with."""
    if sys.platform == "darwin":
        return shutil.which("terminal-notifier") is not None
    if sys.platform == "win32":
        return True
    session = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    return bool(session and screen) and shutil.which("notify-send") is not None
