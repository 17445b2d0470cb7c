"""A goal on the screen: its plan as a tree, what it may do, what it yielded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from senter.components.task_engine.commands import goal_words
from senter.terminal import output
from senter.terminal.tree import Node, print_tree

if TYPE_CHECKING:
    from senter.client.types import Approval, GoalReply, TaskView

SHOWN_RESULT = 300  # characters
SHOWN_ARGUMENTS = 200


def show_goal(found: GoalReply, waiting: list[Approval]) -> None:
    """Everything about a goal."""
    goal = found["goal"]
    say = output.say
    say(f"Goal {goal['id']}: {output.one_line(goal['text'])}")
    held_up = goal_words.held_up(goal, stopped=found["stopped"])
    state = output.styled(goal_words.state_in_words(goal) + held_up, goal_words.style(goal, stopped=found["stopped"]))
    say(f"  Status    {state}, {goal['progress_percent']} %, priority {goal['priority']}")
    say(f"  Deadline  {output.moment(goal['deadline'])}")
    say(f"  Focus     {output.one_line(goal['focus'])}")
    say(f"  Outcome   {goal_words.outcome(goal)}")
    say(f"  Cost      {goal_words.cost(goal['cost'])}")
    if goal["error"]:
        say(f"  Note      {output.one_line(goal['error'])}")
    if found["stopped"] and goal["finished_at"] is None:
        say(f"  Note      {goal_words.STOPPED}")
    for path in goal["results"]:
        say(f"  Result    {output.one_line(path)}")
    show_plan(found)
    show_grant(found)
    show_waiting(waiting)


def show_plan(found: GoalReply) -> None:
    """The tasks, their state, and what came of them."""
    if not found["tasks"]:
        output.say("It has no plan yet.")
        return
    output.say(f"Plan (made by {found['planned_by'] or 'rules'})")
    print_tree([_task(task) for task in found["tasks"]])
    if found["note"]:
        output.say(output.printable(found["note"]))


def show_grant(found: GoalReply) -> None:
    if found["tasks"]:
        output.say("Without asking, it may")
        for line in goal_words.grant(found["grant"]):
            output.say(f"  {output.one_line(line)}")


def show_waiting(waiting: list[Approval]) -> None:
    """What waits for a person, with the exact arguments."""
    for approval in waiting:
        output.say(f"Waits for you: {approval_in_words(approval)}")
        output.say(f"  Decide with: senter approvals approve {approval['id']} (or deny)")


def approval_in_words(approval: Approval) -> str:
    arguments = json.dumps(approval["arguments"], ensure_ascii=False)
    if approval["kind"] == "unknown_outcome":
        why = f"may have been carried out. {approval['known']}"
    else:
        why = f"needs to {'; '.join(approval['needs_in_words'])}"
    return output.one_line(f"{approval['tool']} {arguments} {why}".strip())


def _task(task: TaskView) -> Node:
    text = f"{task['number']} {task['description']} [{task['type']}] {goal_words.state_in_words(task)}"
    return Node(text, goal_words.STYLES.get(task["state"], ""), list(_details(task)))


def _details(task: TaskView) -> Iterator[str]:
    named = f"task {task['id']}" if task["id"] else ""  # one of a plan that is only shown has none
    about = [named, _after(task), "optional" if task["optional"] else ""]
    if any(about):
        yield ", ".join(part for part in about if part)
    if task["tool"]:
        yield goal_words.cut(f"tool: {task['tool']} {json.dumps(task['tool_params'])}", SHOWN_ARGUMENTS)
    if task["attempts"]:
        times = "attempt" if task["attempts"] == 1 else "attempts"
        yield f"{task['attempts']} {times}, {goal_words.cost(task['cost'])}"
    if task["error"]:
        yield f"why: {task['error']}"
    if task["result"]:
        yield goal_words.cut(f"result: {task['result']}", SHOWN_RESULT)
    for check in task["checks"]:
        held = {True: "held", False: "did not hold", None: "to be checked"}[check["held"]]
        yield f"check: {check['what']}: {held}{_found(check['found'])}"
    for source in task["sources"]:
        yield f"source: {source['title']}, {source['address']}"


def _after(task: TaskView) -> str:
    return f"after {', '.join(map(str, task['depends_on']))}" if task["depends_on"] else ""


def _found(found: str) -> str:
    return f" ({found})" if found else ""
