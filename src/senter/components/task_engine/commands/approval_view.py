"""An approval on the screen, in full: what is approved is exactly this."""

from __future__ import annotations

import json
from datetime import datetime

from senter.client.types import Approval
from senter.sentences import phrase, told
from senter.terminal import output

PERHAPS = "It may have been carried out before a crash. Approve: do it again. Deny: take it as done."
APPROVAL = "/api/approvals/{approval_id}"


def show_approval(approval: Approval) -> None:
    decision = approval["decision"] or phrase("waits until {when}", when=output.moment(approval["expires_at"]))
    output.say(f"{approval['id']}  {approval['tool']}: {told(decision)}")
    of = phrase("for goal {goal}, task {task}", goal=approval["goal_id"], task=approval["task_id"])
    output.say(f"   {of}")
    for name, value in approval["arguments"].items():
        output.say(f"   {output.one_line(name)} = {_exactly(value)}")
    if approval["kind"] == "unknown_outcome":
        output.say(f"   {phrase(PERHAPS)}")
    for need in approval["needs_in_words"]:
        output.say(f"   {phrase('not granted: {needs}', needs=output.one_line(need))}")
    if approval["known"]:
        output.say(f"   {phrase('known: {what}', what=output.one_line(approval['known']))}")


def _exactly(value: object) -> str:
    """As it is called with; a moment in words, too."""
    text = output.one_line(json.dumps(value, ensure_ascii=False))
    return f"{text} ({output.moment(value)})" if isinstance(value, str) and _is_moment(value) else text


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
