"""What was typed before, kept for one home in a file that only its owner reads, without what looks like a secret."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from prompt_toolkit.history import FileHistory

from senter.masking import mask_text
from senter.paths import PRIVATE_FILE, private
from senter.terminal import output

LONGEST_CHARACTERS = 4_096
"""A longer one is a paste, and nobody looks for it with an arrow key."""
KEPT_BYTES = 1_000_000


class PrivateHistory(FileHistory):
    """A history that is damaged or cannot be written never keeps anybody from typing."""

    def __init__(self, file: Path) -> None:
        super().__init__(str(file))
        self._file = file
        self._is_told = False

    def load_history_strings(self) -> Iterable[str]:
        try:
            self._shorten()
            return list(super().load_history_strings())
        except OSError as error:
            self._tell(error)
            return []

    def store_string(self, string: str) -> None:
        if len(string) > LONGEST_CHARACTERS or mask_text(string) != string:
            return
        try:
            os.close(private(str(self._file), os.O_WRONLY | os.O_CREAT | os.O_APPEND))
            super().store_string(string)
        except OSError as error:
            self._tell(error)

    def _shorten(self) -> None:
        """Keep the newest; the file is for this user alone from here on."""
        if not self._file.exists():
            return
        self._file.chmod(PRIVATE_FILE)
        if self._file.stat().st_size > KEPT_BYTES:
            kept = self._file.read_bytes()[-KEPT_BYTES // 2 :]
            shorter = self._file.with_suffix(".new")
            with open(shorter, "wb", opener=private) as written:
                written.write(kept[kept.find(b"\n#") + 1 :])
            shorter.replace(self._file)

    def _tell(self, error: OSError) -> None:
        if not self._is_told:
            self._is_told = True
            output.note(
                f"What you type is not kept for later: {error.strerror or error}: {output.one_line(str(self._file))}"
            )
