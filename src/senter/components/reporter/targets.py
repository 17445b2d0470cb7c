"""Where notifications go: addresses from the settings, known in the database by a fingerprint only."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from dataclasses import dataclass, field
from urllib.parse import unquote

from pydantic import SecretStr

from senter.masking import MASK, mask_text
from senter.text import cut, one_line

# The desktop is no Apprise URL: which plug-in shows something on it depends on the system.
DESKTOP = "desktop:"
REASON_CHARACTERS = 300
SHORTEST_SECRET = 4

_ADDRESS = re.compile(r"([A-Za-z][\w+.-]{0,40}://)[^\s\"']+")
_BETWEEN_PARTS = re.compile(r"[\s/@:?&=#,;+]+")


@dataclass(frozen=True, slots=True)
class Target:
    """One place. `key` names it in the database, `shown` to people; `address` is a secret."""

    key: str
    shown: str
    address: str = field(repr=False)

    def masked(self, text: str) -> str:
        """What others say of this target, short, without an address or any part of this one: services name users,
        numbers and topics in their complaints, and show addresses whose secrets they only shorten."""
        line = _ADDRESS.sub(rf"\1{MASK}", one_line(text))
        _, _, secret = self.address.partition(":")
        parts = {part for form in (secret, unquote(secret)) for part in _BETWEEN_PARTS.split(form)}
        longest_first = sorted((part for part in parts if len(part) >= SHORTEST_SECRET), key=len, reverse=True)
        if longest_first:
            line = re.sub("|".join(map(re.escape, longest_first)), MASK, line, flags=re.IGNORECASE)
        return cut(mask_text(line), REASON_CHARACTERS)


def target_of(address: str, place: str = "") -> Target:
    """`place` tells targets of one service apart, which look alike otherwise."""
    key = hashlib.sha256(address.encode(errors="replace")).hexdigest()[:16]
    return Target(key, shown(address) + place, address)


def shown(address: str) -> str:
    """The service only: what follows may be a token, a mailbox or a phone number."""
    if address == DESKTOP:
        return "desktop"
    return f"{address.partition(':')[0].lower()}://{MASK}"


def targets_of(addresses: tuple[SecretStr, ...], *, desktop: bool) -> tuple[Target, ...]:
    """Those in the settings, numbered as they are listed there, and the desktop where there is one and it is wanted."""
    listed = [target_of(address.get_secret_value(), f" ({number})") for number, address in enumerate(addresses, 1)]
    return tuple([target_of(DESKTOP), *listed] if desktop and has_desktop() else listed)


def has_desktop() -> bool:
    """Whether this process belongs to a session with a screen and something to show a notification with."""
    if sys.platform == "darwin":
        return shutil.which("terminal-notifier") is not None
    if sys.platform == "win32":
        return True
    session = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    return bool(session and screen) and shutil.which("notify-send") is not None
