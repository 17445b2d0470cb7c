"""Rich text (rtf), by the library striprtf."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from senter.component.readers.lines import OTHER_KIND
from senter.errors import Unreadable

if TYPE_CHECKING:
    from senter.component.readers.lines import Lines

ToText = Callable[[str, str, str], str]
"""Of the text, in an encoding, with what to do about what is not in it."""


def read(content: bytes, lines: Lines) -> None:
    from striprtf import striprtf

    if not content.lstrip().startswith(b"{\\rtf"):
        raise Unreadable(OTHER_KIND)
    to_text = cast("ToText", striprtf.rtf_to_text)  # pyright: ignore[reportUnknownMemberType] - it has no types
    text = to_text(content.decode("latin-1"), "cp1252", "replace")
    for line in text.splitlines():
        lines.paragraph(line.replace("|", "\t") if line.endswith("|") else line)
