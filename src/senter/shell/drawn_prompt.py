"""The prompt of a terminal that can be drawn on; it is not full screen, so that all stays in the scrollback."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import Completer, ThreadedCompleter
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from senter.shell.history import PrivateHistory
from senter.terminal import output

SHOWN_LINES = 5
"""A paste of more lines is shown by how many they are."""
NEWS_SECONDS = 0.5
"""News is told at most twice a second: each time the prompt is drawn anew."""
_PASTED = re.compile(r"\[Pasted [\d,]+ lines #(\d+)\]")


class DrawnPrompt:
    """One session for as long as the shell runs."""

    def __init__(
        self, message: Callable[[], str], news: Callable[[], list[str]], history: Path, completer: Completer
    ) -> None:
        self._news = news
        self._pastes: list[str] = []
        self._telling = False
        os.environ["PROMPT_TOOLKIT_NO_CPR"] = "1"  # an answer of the terminal may come when another program reads
        self._session: PromptSession[str] = PromptSession(
            message,
            history=PrivateHistory(history),
            auto_suggest=AutoSuggestFromHistory(),
            completer=ThreadedCompleter(completer),
            complete_while_typing=Condition(self._types_a_command),
            editing_mode=EditingMode.EMACS,
            key_bindings=self._keys(),
            mouse_support=False,
            reserve_space_for_menu=6,
            enable_history_search=False,
        )

    def read(self, begun: str = "") -> str:
        for line in self._news():
            output.say(line)
        self._pastes.clear()
        try:
            typed = self._session.prompt(default=begun)
        except KeyboardInterrupt:
            if self._session.default_buffer.text:  # a line that is given up
                return ""
            raise
        return _PASTED.sub(lambda found: self._paste(int(found[1]), found[0]), typed)

    def came(self) -> None:
        loop = self._session.app.loop
        if self._session.app.is_running and loop:
            loop.call_soon_threadsafe(self._tell_soon)

    def _tell_soon(self) -> None:
        if not self._telling:
            self._telling = True
            task = asyncio.ensure_future(self._tell())
            task.add_done_callback(lambda _: setattr(self, "_telling", False))

    async def _tell(self) -> None:
        await asyncio.sleep(NEWS_SECONDS)
        if not self._session.app.is_running:
            return
        if lines := self._news():
            await run_in_terminal(lambda: [output.say(line) for line in lines])
        self._session.app.invalidate()

    def _types_a_command(self) -> bool:
        text = self._session.default_buffer.text
        return text.startswith("/") and " " not in text

    def _paste(self, number: int, otherwise: str) -> str:
        return self._pastes[number - 1] if number <= len(self._pastes) else otherwise

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add(Keys.BracketedPaste)
        def _pasted(event: KeyPressEvent) -> None:
            text = event.data.replace("\r\n", "\n").replace("\r", "\n")
            lines = text.count("\n") + 1
            if lines > SHOWN_LINES:
                self._pastes.append(text)
                text = f"[Pasted {lines:,} lines #{len(self._pastes)}]"
            event.current_buffer.insert_text(text)

        @keys.add("escape", "enter")
        def _new_line(event: KeyPressEvent) -> None:
            event.current_buffer.insert_text("\n")

        return keys
