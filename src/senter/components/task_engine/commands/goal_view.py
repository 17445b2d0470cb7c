"""A goal on the screen: its plan as a tree, what it may do, what it yielded; goals, grants and costs as sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator

from senter.client.types import Amounts, GoalReply, GoalView, Grant, TaskView
from senter.sentences import phrase, told
from senter.terminal import output
from senter.terminal.granting import in_short, in_words
from senter.terminal.tree import Node, print_tree
from senter.text import one_line

STYLES = {
    "active": output.GOOD,
    "pending": output.WARNING,
    "blocked": output.BAD,
    "completed": output.GOOD,
    "failed": output.BAD,
    "cancelled": output.FAINT,
    "done, please look": output.WARNING,
}
STOPPED = "All work is stopped. Let it go on with: senter panic --release"
YOURS = " (your own)"
SHOWN_GOAL = 50  # characters
SHOWN_RESULT = 300  # characters
SHOWN_ARGUMENTS = 200


def show_goal(found: GoalReply, *, verbose: bool = False) -> None:
    """Everything about a goal; its grant in full where that is asked for."""
    goal = found["goal"]
    output.say(f"Goal {goal['id']}{YOURS if goal['kind'] == 'own' else ''}: {output.one_line(goal['text'])}")
    stopped = found["stopped"]
    state = output.styled(state_in_words(goal) + held_up(goal, stopped=stopped), style(goal, stopped=stopped))
    priority = phrase("priority {number}", number=goal["priority"])
    done = "" if goal["kind"] == "own" and not goal["progress_percent"] else f" {goal['progress_percent']} %,"
    _say_of("Status", f"{state},{done} {priority}")
    _say_of("Deadline", deadline(goal))
    _say_of("Focus", output.one_line(goal["focus"]))
    _say_of("Outcome", outcome(goal))
    _say_of("Cost", cost(goal["cost"]))
    if goal["error"]:
        _say_of("Note", told(output.one_line(goal["error"])))
    if stopped and goal["finished_at"] is None:
        _say_of("Note", told(STOPPED))
    for path in goal["results"]:
        _say_of("Result", output.one_line(path))
    for receipt in goal["receipts"]:
        _say_of("Done", output.one_line(receipt["done"]))
    show_plan(found)
    show_grant(found, verbose=verbose)
    show_waits(found)


def _say_of(what: str, said: str) -> None:
    output.say(f"  {told(what):<9} {said}")


def show_plan(found: GoalReply, *, brief: bool = False) -> None:
    """The tasks and their state; unless `brief`, what came of them."""
    if not found["tasks"]:
        output.say("It has no plan yet.")
        return
    output.say(f"Plan (made by {found['planned_by'] or 'rules'})")
    print_tree([_task(task, brief=brief) for task in found["tasks"]])
    if found["note"]:
        output.say(output.printable(found["note"]))


def show_grant(found: GoalReply, *, verbose: bool = False) -> None:
    """In one line, or in full."""
    if not found["tasks"]:
        return
    if not verbose:
        output.say(f"Without asking, it may {output.one_line(in_short(found['grant']))} (all of it: --verbose).")
        return
    output.say("Without asking, it may")
    for line in grant(found["grant"]):
        output.say(f"  {output.one_line(line)}")


def show_waits(found: GoalReply) -> None:
    """What waits for a person, exactly, and how it is settled."""
    for waits in found["waits"]:
        output.say(f"Waits for you: {output.one_line(waits)}")


def deadline(goal: GoalView) -> str:
    return output.moment(goal["deadline"]) + (phrase(" (overdue)") if goal["overdue"] else "")


def _task(task: TaskView, *, brief: bool) -> Node:
    text = f"{task['number']} {task['description']} [{task['type']}] {state_in_words(task)}"
    return Node(text, STYLES.get(task["state"], ""), [] if brief else list(_details(task)))


def _details(task: TaskView) -> Iterator[str]:
    named = phrase("task {id}", id=task["id"]) if task["id"] else ""  # one of a plan that is only shown has none
    after = f"after {', '.join(map(str, task['depends_on']))}" if task["depends_on"] else ""
    about = [named, after, "optional" if task["optional"] else ""]
    if any(about):
        yield ", ".join(part for part in about if part)
    if task["tool"]:
        yield cut(f"tool: {task['tool']} {json.dumps(task['tool_params'])}", SHOWN_ARGUMENTS)
    if task["final"]:
        yield "cannot be taken back"
    if task["attempts"]:
        times = "attempt" if task["attempts"] == 1 else "attempts"
        yield f"{task['attempts']} {told(times)}, {cost(task['cost'])}"
    if task["error"]:
        yield f"why: {task['error']}"
    if task["result"]:
        yield cut(f"result: {task['result']}", SHOWN_RESULT)
    for check in task["checks"]:
        held = {True: "held", False: "did not hold", None: "to be checked"}[check["held"]]
        yield f"check: {check['what']}: {held}" + (f" ({check['found']})" if check["found"] else "")
    for source in task["sources"]:
        yield f"source: {source['title']}, {source['address']}"


def cut(text: str, most: int = SHOWN_GOAL) -> str:
    """On one line, at most so many characters."""
    return one_line(text, most, "…" if output.speaks_unicode() else "...")


def state_in_words(thing: GoalView | TaskView) -> str:
    """The state, and the exact status where that says more."""
    state, status = thing["state"], thing["status"].replace("_", " ")
    return told(state if state.endswith(status) else f"{state} ({status})")


def held_up(goal: GoalView, *, stopped: bool) -> str:
    """What keeps an open goal from going on, to follow its state."""
    if goal["finished_at"] is not None:
        return ""
    return (phrase(", paused") if goal["paused"] else "") + (phrase(", stopped") if stopped else "")


def style(goal: GoalView, *, stopped: bool) -> str:
    """The colour of its state; nothing that is held up is green."""
    return output.WARNING if held_up(goal, stopped=stopped) else STYLES.get(goal["state"], "")


def outcome(goal: GoalView) -> str:
    """Executed, verified and delivered, told apart."""
    executed, verified, delivered = goal["executed"], goal["verified"], goal["delivered"]
    reached = (("executed", executed), ("verified", verified), ("delivered", delivered))
    return ", ".join(told(name if done else f"not {name}") for name, done in reached)


def cost(spent: Amounts) -> str:
    counted = ((spent["model_calls"], "model call"), (spent["tool_calls"], "tool call"), (spent["tokens"], "token"))
    parts = [f"{count:,} {told(name if count == 1 else f'{name}s')}" for count, name in counted if count]
    return ", ".join([*parts, seconds(spent["wall_seconds"])])


def seconds(length: float) -> str:
    return f"{length:.1f} s" if length < 60 else output.duration(length)


def grant(given: Grant) -> list[str]:
    """What a goal may do without asking, one line for each kind; what is not named needs an approval."""
    lines = in_words(given)
    budget = given["budget"]
    lines.append(
        phrase(
            "use {model_calls:,} model calls, {tool_calls:,} tool calls, {tokens:,} tokens and {length} of work",
            model_calls=budget["model_calls"],
            tool_calls=budget["tool_calls"],
            tokens=budget["tokens"],
            length=seconds(budget["wall_seconds"]),
        )
    )
    if given["expires_at"]:
        lines.append(phrase("all this until {when}", when=output.moment(given["expires_at"])))
    return lines
