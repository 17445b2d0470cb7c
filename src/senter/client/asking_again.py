"""Asking again when no answer comes: with which pauses, and when it is in vain.

One table for everybody who waits for a component: components wait in `senter.component.asking`, programs in
`senter.client.asking`. Standard library only, for the client's sake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from senter.errors import Unavailable

FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5

# The states that a component does not leave by itself, what that is called, and what a person can do about it.
GONE: Mapping[str, tuple[str, str]] = {
    "disabled": ("is disabled in the settings", "Set {name}.enabled = true and run: senter restart {name}"),
    "stopped": ("is stopped", "Start it with: senter start {name}"),
    "stopped_by_settings_error": ("cannot start with its settings", "Check them with: senter config check"),
    "stopped_by_repeated_failure": (
        "failed too often and was given up",
        "See: senter logs {name}; try it again with: senter restart {name}",
    ),
}


def pauses() -> Iterator[float]:
    """Seconds to wait before each further try, without end."""
    seconds = FIRST_PAUSE_SECONDS
    while True:
        yield seconds
        seconds = min(2 * seconds, LONGEST_PAUSE_SECONDS)


def check_comes_back(name: str, state: str, reason: str) -> None:
    """Raises `Unavailable` when the component is in a state that it does not leave by itself."""
    if state in GONE:
        what, hint = GONE[state]
        why = f": {reason.removesuffix('.')}" if reason else ""
        raise Unavailable(f"{name} {what}{why}.", hint.format(name=name))
