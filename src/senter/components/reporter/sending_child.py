"""Runs Apprise in a process of its own: 160 services' worth of code, blocking, that may hang or crash.

The first frame is about a target: understood or not. The second, to the same child, has it send. Apprise
says only whether sending succeeded; why, and whether the target may have it all the same, is in its log.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve

if TYPE_CHECKING:
    from apprise import NotifyBase

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
DESKTOP = "desktop:"
DESKTOP_PLUGINS = {"darwin": "macosx://", "win32": "windows://"}
# The request was out when the connection failed (requests, urllib3, http.client).
AFTER_SENDING = ("Read timed out", "Connection aborted", "IncompleteRead", "RemoteDisconnected", "Connection broken")


class Heard(logging.Handler):
    """What Apprise's log says of one attempt."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.problems: list[str] = []
        self.after_sending = False

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        self.after_sending = self.after_sending or any(words in text for words in AFTER_SENDING)
        if record.levelno >= logging.WARNING:
            self.problems.append(text)


def main() -> None:
    serve(_answer)


def _answer(frame: Frame) -> Frame:
    address = str(frame.head["address"])
    if frame.head["action"] == "check":
        return _check(address)
    title, body = str(frame.head["title"]), str(frame.head["body"])
    if address == DESKTOP and sys.platform not in DESKTOP_PLUGINS:
        return _show(title, body)
    return _send(address, title, body)


def _check(address: str) -> Frame:
    if address == DESKTOP and sys.platform not in DESKTOP_PLUGINS:
        return Frame({"service": "Desktop", "problem": ""})
    service, heard = _understood(address)
    if service is None:
        return Frame({"service": "", "problem": _problem(heard, "Apprise does not know the address")})
    return Frame({"service": str(service.service_name), "problem": ""})


def _send(address: str, title: str, body: str) -> Frame:
    service, heard = _understood(address)
    if service is None:
        return Frame({"sent": False, "problem": _problem(heard, "not understood"), "unknown": False})
    service.redirects = False  # whatever the address says of it
    service.socket_connect_timeout = CONNECT_SECONDS
    service.socket_read_timeout = ANSWER_SECONDS
    begun = time.monotonic()
    sent = bool(service.notify(body=body, title=title))
    unknown = not sent and (heard.after_sending or time.monotonic() - begun >= ANSWER_SECONDS)
    problem = "" if sent else _problem(heard, "the service refused it")
    return Frame({"sent": sent, "problem": problem, "unknown": unknown})


def _show(title: str, body: str) -> Frame:
    """By the desktop's own program: Apprise needs a binding to D-Bus that has to be compiled for each system."""
    program = shutil.which("notify-send")
    if program is None:
        return Frame({"sent": False, "problem": "notify-send is not there any more.", "unknown": False})
    ended = subprocess.run(
        [program, "--app-name=Senter", "--", title, body], capture_output=True, timeout=ANSWER_SECONDS, check=False
    )
    problem = ended.stderr.decode(errors="replace") if ended.returncode else ""
    return Frame({"sent": ended.returncode == 0, "problem": problem, "unknown": False})


def _understood(address: str) -> tuple[NotifyBase | None, Heard]:
    import apprise

    heard = Heard()
    log = logging.getLogger("apprise")
    log.handlers, log.propagate = [heard], False
    log.setLevel(logging.DEBUG)
    asset = apprise.AppriseAsset(app_id="Senter", app_desc="Senter", app_url="", http_redirects=False)
    known = DESKTOP_PLUGINS[sys.platform] if address == DESKTOP else address
    # Apprise's own types say dict of anything for an address that may also be taken apart already.
    return apprise.Apprise.instantiate(known, asset=asset), heard  # pyright: ignore[reportUnknownMemberType]


def _problem(heard: Heard, otherwise: str) -> str:
    """The last thing Apprise complained of."""
    return heard.problems[-1] if heard.problems else otherwise


if __name__ == "__main__":
    run(main)
