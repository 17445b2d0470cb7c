"""The session that a newcomer has: a real terminal, a real daemon, no network."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.scripted_model import Exchange
from tests.support.daemon import environment_of, modelled_daemon, senter
from tests.support.terminals import Terminal, terminal

pytestmark = pytest.mark.process
NOTES = {
    "trends.md": "# AI trends 2026\n\nAgents plan their own work. Small models run on laptops.\n",
    "deck.md": "# Investor deck\n\nThe deck needs a market slide: AI spending grew by 30 percent in 2026.\n",
}
NEED = "I need to research AI trends for my investor deck"
PANEL = re.compile(rf'Goal (\d+) .*\n.*"{NEED}".*\n.*Background work has begun')
FOOT = re.compile(r"Focus: research \| Latency: \d+\.\d\ds")


@contextmanager
def shell_of(home: Path) -> Generator[Terminal]:
    environment = {name: value for name, value in environment_of(home).items() if name not in ("COLUMNS", "NO_COLOR")}
    with terminal([sys.executable, "-P", "-m", "senter"], {**environment, "TERM": "xterm-256color"}) as shown:
        shown.wait_for_prompt()
        yield shown


def test_the_perfect_session(tmp_path: Path) -> None:
    for name, text in NOTES.items():
        (tmp_path / name).write_text(text)
    with modelled_daemon() as (daemon, model):
        home = daemon.paths.home
        assert senter(home, "documents", "add", str(tmp_path)).code == 0
        with shell_of(home) as shell:
            status = shell.enter_and_wait("/status")
            assert "SENTER DAEMON" in status
            assert "assistant" in status

            made = shell.enter_and_wait(NEED, "[research] >")
            assert b"Thinking" in shell.sent
            goal = PANEL.search(made)
            assert goal
            assert FOOT.search(made)

            while " 80%" not in (goals := shell.enter_and_wait("/goals", "[research] >")):
                assert "active" in goals
            assert "While you were away" in shell.enter_and_wait("/progress", "[research] >")
            assert f"Goal {goal[1]} is cancelled" in shell.enter_and_wait("/undo", "[research] >")
            shell.enter("/exit")
            assert shell.wait_for_end() == 0
            assert shell.text().endswith("Goodbye.")
            assert shell.is_as_found()
        assert model.asked == []


ANSWER = "One.\n\nTwo and three.\n\nFour is the number that comes next.\n\nFive."


def test_an_answer_goes_on_when_what_makes_it_is_killed() -> None:
    asked_again = asyncio.Event()

    async def half(exchange: Exchange) -> None:
        await exchange.begin_stream()
        await exchange.piece(ANSWER[: ANSWER.index(" comes")])
        await asked_again.wait()

    async def whole(exchange: Exchange) -> None:
        asked_again.set()
        await exchange.begin_stream()
        await exchange.piece(ANSWER)
        await exchange.end_stream()

    with modelled_daemon(half, whole) as (daemon, _), shell_of(daemon.paths.home) as shell:
        shell.enter("Tell me a story about numbers.")
        shell.wait_for("Two and three.")
        shell.type("and then")
        shell.wait_for("> and then")
        daemon.kill("assistant")
        text = shell.wait_for_prompt("[general] > and then")
        assert [text.count(said) for said in ("One.", "Two and three.", "Four is", "Five.")] == [1, 1, 1, 1]
