"""Goals, grants and costs as sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from senter.terminal import output
from senter.terminal.granting import in_words

if TYPE_CHECKING:
    from senter.client.types import Amounts, GoalView, Grant, TaskView

STYLES = {
    "active": output.GOOD,
    "pending": output.WARNING,
    "blocked": output.BAD,
    "completed": output.GOOD,
    "failed": output.BAD,
    "cancelled": output.FAINT,
}
STOPPED = "All work is stopped. Let it go on with: senter panic --release"
SHOWN_GOAL = 50  # characters


def cut(text: str, most: int = SHOWN_GOAL) -> str:
    """On one line, at most so many characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    mark = "\N{HORIZONTAL ELLIPSIS}" if output.speaks_unicode() else "..."
    return line[: most - len(mark)] + mark


def state_in_words(thing: GoalView | TaskView) -> str:
    """The state, and the exact status where that says more."""
    state, status = thing["state"], thing["status"].replace("_", " ")
    return state if state == status else f"{state} ({status})"


def held_up(goal: GoalView, *, stopped: bool) -> str:
    """What keeps an open goal from going on, to follow its state."""
    if goal["finished_at"] is not None:
        return ""
    return (", paused" if goal["paused"] else "") + (", stopped" if stopped else "")


def style(goal: GoalView, *, stopped: bool) -> str:
    """The colour of its state; nothing that is held up is green."""
    return output.WARNING if held_up(goal, stopped=stopped) else STYLES.get(goal["state"], "")


def outcome(goal: GoalView) -> str:
    """Executed, verified and delivered, told apart."""
    executed, verified, delivered = goal["executed"], goal["verified"], goal["delivered"]
    reached = (("executed", executed), ("verified", verified), ("delivered", delivered))
    return ", ".join(name if done else f"not {name}" for name, done in reached)


def cost(spent: Amounts) -> str:
    counted = ((spent["model_calls"], "model call"), (spent["tool_calls"], "tool call"), (spent["tokens"], "token"))
    parts = [f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in counted if count]
    return ", ".join([*parts, seconds(spent["wall_seconds"])])


def seconds(length: float) -> str:
    return f"{length:.1f} s" if length < 60 else output.duration(length)


def grant(given: Grant) -> list[str]:
    """What a goal may do without asking, one line for each kind; what is not named needs an approval."""
    lines = in_words(given)
    budget = given["budget"]
    lines.append(
        f"use {budget['model_calls']:,} model calls, {budget['tool_calls']:,} tool calls, {budget['tokens']:,} tokens "
        f"and {seconds(budget['wall_seconds'])} of work"
    )
    if given["expires_at"]:
        lines.append(f"all this until {output.moment(given['expires_at'])}")
    return lines
