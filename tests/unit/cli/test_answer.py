from __future__ import annotations

import sys
from contextlib import redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from senter.components.assistant.commands.answer import Growing, PlainView, TerminalView


@given(st.text(max_size=60), st.data())
def test_in_a_pipe_the_answer_is_whole_whatever_was_dropped(answer: str, data: st.DataObject) -> None:
    with redirect_stdout(StringIO()) as written, PlainView() as view:
        offset = 0
        while offset < len(answer):
            length = data.draw(st.integers(1, 10))
            if data.draw(st.booleans()):
                view.piece(1, offset, answer[offset : offset + length])
            offset += length
        view.final(answer)
    assert written.getvalue() == answer + "\n"


def test_in_a_pipe_pieces_are_written_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainView() as view:
        view.piece(1, 0, "Py")
        assert capsys.readouterr().out == "Py"
        view.piece(1, 2, "thon")
        view.final("Python")
    assert capsys.readouterr().out == "thon\n"


def test_an_answer_that_began_again_is_written_whole_after_what_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainView() as view:
        view.piece(1, 0, "Rubbish")
        view.piece(2, 0, "Python")
        view.final("Python is")
    shown = capsys.readouterr()
    assert shown.out == "Rubbish\n\nPython is\n"
    assert "began again" in shown.err


def test_a_new_attempt_that_agrees_with_what_was_written_goes_on_there(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainView() as view:
        view.piece(1, 0, "Py")
        view.piece(2, 0, "Python")
        view.final("Python")
    assert capsys.readouterr().out == "Python\n"


def test_beside_a_pipe_a_terminal_shows_what_is_waited_for_in_a_line_that_is_gone_with_the_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with PlainView() as view:
        view.progress("Fetching: 1 of 2 MB")
        view.progress("Fetching: 2 of 2 MB")
        view.piece(1, 0, "Py")
        waited = capsys.readouterr()
        view.progress("Going on")
        view.final("Python")
    assert "\n" not in waited.err
    assert waited.err.rpartition("\x1b[K")[2] == ""
    assert (waited.out, *capsys.readouterr()) == ("Py", "thon\n", "")


def test_what_was_written_before_a_failure_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), PlainView() as view:
        view.piece(1, 0, "Py")
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "Py\n"


def test_the_last_drawing_is_the_whole_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with TerminalView() as view:
        view.progress("Loading the model")
        view.piece(1, 0, "**Py")
        view.piece(1, 9, "lost")
        view.final("**Python** is a language.\x1b[2J")
    assert "Python is a language.[2J" in capsys.readouterr().out


def test_an_answer_that_outgrows_the_screen_shows_its_end_and_leaves_the_cursor_on_a_line_of_its_own() -> None:
    screen = Console(file=StringIO(), width=20, height=5)
    lines = screen.render_lines(Growing("\n".join(f"line {number}" for number in range(9))), pad=False)
    assert ["".join(part.text for part in line) for line in lines] == ["line 5", "line 6", "line 7", "line 8", ""]
