"""What became of what a person asked for, in sentences: only what is so, each with its id. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from senter.messages.acts import Act, ActKind, Clarification, Receipt, Thing
from senter.messages.goals import GoalKind, GoalReply, GoalView, Status
from senter.messages.query import GENERAL_FOCUS
from senter.messages.undo import ActionView
from senter.moments.shown import shown_when
from senter.sentences import phrase
from senter.text import one_line

LONGEST_TITLE = 200
LONGEST_RESULT = 3_000
TAKE_BACK = "Say undo to take it back."
TAKE_BACK_LAST = "Say undo to take it all back."
ENDED_BADLY = frozenset({Status.FAILED, Status.CANCELLED, Status.QUARANTINED})


@dataclass(frozen=True, slots=True)
class ActOutcome:
    """What became of one act."""

    sentences: tuple[str, ...]
    receipts: tuple[Receipt, ...] = ()
    focus: str = GENERAL_FOCUS
    result: str = ""
    """What came of it, Markdown."""


def outcome_of(reply: GoalReply, zone: ZoneInfo, result: str = "") -> ActOutcome:
    """Of an act that a goal was made of; `result` is the text of what came of it."""
    goal = reply.goal
    done = (sentence(receipt.done) for receipt in goal.receipts)
    standing = " ".join(map(sentence, _standing(reply, zone)))
    return ActOutcome((*done, *([standing] if standing else [])), goal.receipts, goal.focus, _beginning(result, goal))


def not_done(act: Act, clause: str, message: str, hint: str = "") -> ActOutcome:
    """Of an act that could not be begun."""
    what = "" if act.kind is ActKind.UNDO else phrase("Not done: {title}.", title=_title(act.gist or clause))
    return ActOutcome((" ".join(filter(None, (what, sentence(message), hint))),))


def over_already(thing: Thing, last: ActionView | None) -> str:
    """Of what is to be ended and has ended: what was done to it last."""
    if last and last.receipt.done:
        return phrase("That is done already. {done}", done=sentence(last.receipt.done))
    return phrase("That is over already: {title}.", title=_title(thing.title))


def together(outcomes: Sequence[ActOutcome], acts: Sequence[Act], remark: str = "") -> str:
    """One sentence for each, several as a list; once what is to be known, and how to take it back; then the results."""
    made = [receipt for outcome in outcomes for receipt in outcome.receipts if receipt.undoable]
    can_be_taken_back = made and any(act.kind is not ActKind.UNDO for act in acts)
    back = phrase(TAKE_BACK if len(made) == 1 else TAKE_BACK_LAST) if can_be_taken_back else ""
    sentences = [each for outcome in outcomes for each in outcome.sentences]
    notes = dict.fromkeys(receipt.note for outcome in outcomes for receipt in outcome.receipts)
    results = filter(None, (outcome.result for outcome in outcomes))
    if len(sentences) == 1:
        return "\n\n".join((" ".join(filter(None, (remark, *sentences, *notes, back))), *results))
    return "\n\n".join(filter(None, (remark, bullets(sentences), *notes, back, *results)))


def not_told_yet(outcomes: Sequence[ActOutcome], acts: Sequence[Act], text: str) -> str:
    """As `together`, without the sentences that stand in a text already."""
    left = [
        replace(outcome, sentences=tuple(each for each in outcome.sentences if each.rstrip(".") not in text))
        for outcome in outcomes
    ]
    return together(left, acts)


def question_text(question: Clarification) -> str:
    """A question back, with its choices."""
    choices = (f"{number}. {each.label}" for number, each in enumerate(question.alternatives, 1))
    return "\n".join((question.question, *choices))


def not_looked_at(unknown: Iterable[str]) -> list[str]:
    """What could not be asked, a sentence each."""
    return [phrase("I could not look at {what}.", what=phrase(each)) for each in unknown]


def bullets(lines: Iterable[str]) -> str:
    """A list in Markdown."""
    return "\n".join(f"- {line}" for line in lines)


def sentence(text: str) -> str:
    """With its end mark."""
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def _standing(reply: GoalReply, zone: ZoneInfo) -> list[str]:
    """How the goal stands, as far as its receipts do not say so, and what waits for the person."""
    goal = reply.goal
    if goal.status in ENDED_BADLY:
        done = (
            phrase("The rest is not done.") if goal.receipts else phrase("Not done: {title}.", title=_title(goal.text))
        )
        ended = phrase("Goal {id} ended {status}", id=goal.id, status=goal.status)
        return [f"{done} {goal.error or ended}"]
    if goal.kind is GoalKind.OWN:
        return [] if goal.receipts else [_kept(goal, zone)]
    if reply.waits:
        return [phrase("Goal {id} waits for you", id=goal.id), *reply.waits]
    if goal.status is Status.WAITING:
        why = sentence(goal.error or _title(goal.text))
        return [phrase("Goal {id} waits for you: {why} See: senter goal show {id}", id=goal.id, why=why)]
    if goal.finished_at is None:
        title = _title(goal.text)
        return [phrase("Goal {id} is being worked on: {title}. See: senter goal show {id}", id=goal.id, title=title)]
    return [] if goal.receipts else [_finished(goal)]


def _kept(goal: GoalView, zone: ZoneInfo) -> str:
    if goal.deadline is None:
        return phrase("Goal {id}: {title}", id=goal.id, title=_title(goal.text))
    due = shown_when(goal.deadline, zone)
    return phrase("Goal {id}: {title}, due {due}", id=goal.id, title=_title(goal.text), due=due)


def _finished(goal: GoalView) -> str:
    where = " " + phrase("Its result: {files}", files=", ".join(goal.results)) if goal.results else ""
    return phrase("Goal {id} is done: {title}.", id=goal.id, title=_title(goal.text)) + where


def _beginning(result: str, goal: GoalView) -> str:
    """Whole lines of a long one, and where the rest is."""
    if len(result) <= LONGEST_RESULT:
        return result.strip()
    whole_lines = result[:LONGEST_RESULT].rpartition("\n")[0]
    return f"{whole_lines}\n\n" + phrase("... the whole of it: senter result {id}", id=goal.id)


def _title(text: str) -> str:
    return one_line(text, LONGEST_TITLE).rstrip(".")
