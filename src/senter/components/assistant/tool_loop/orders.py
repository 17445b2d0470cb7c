"""What a model may have done: a plain sentence, that goes the way of whatever a person says.

It is understood by the same rules, stored before it is done, done under the usual grants, and told by its receipts. A
model that has read text of others takes nothing back, and whatever else it wants waits for the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel, Field, JsonValue, ValidationError

from senter.component.tool_talk.arguments import sentence
from senter.components.assistant.acted_turns import same_sentence
from senter.components.assistant.acting import Acting, Errand
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.outcomes import ActOutcome, together
from senter.components.assistant.saying import LONGEST_SAID, GivenOrder, Kept, Notes, Saying
from senter.components.assistant.saying_reader import SayingReader, does
from senter.components.assistant.tool_loop.looking import offered
from senter.components.assistant.tool_loop.observed import Observed
from senter.messages.acts import Act, ActKind, Clarification, Missing, Receipt, Thing
from senter.messages.model import OfferedTool
from senter.messages.query import QueryId
from senter.messages.understanding import Understanding

MOST_ORDERS = 10
DO = "do"
DESCRIPTION = """\
Have Senter do something for the user: remind, enter into the calendar, note, keep a goal, schedule, move, rename, \
cancel, mark as done, undo, research, organise files."""
DOES_NOTHING = """\
Not done: this says nothing that can be done. Say one thing in plain words, like: Remind me on Friday at 9 to call \
mom. Cancel reminder 4. Note that the gate code is 5512."""
IN_ENGLISH = "Not done: say it in plain English, whatever language the user speaks."
ONLY_THE_PERSON = "Not done: only the user can have this taken back now, by saying undo. Tell them."
TOO_MANY = f"Not done: {MOST_ORDERS} things were done for this answer already. Tell the user what is left."
DONE_BEFORE = "This is done already, once."


class Do(BaseModel):
    """The call."""

    sentence: str = Field(
        min_length=1,
        max_length=LONGEST_SAID,
        description="One plain English sentence as the user would say it, times in words: Remind me tomorrow at 9 to "
        "call mom.",
    )


@dataclass(slots=True)
class OrdersSoFar:
    """What was done for one saying so far."""

    saying: Saying
    notes: Notes
    tainted: bool
    outcomes: list[ActOutcome] = field(default_factory=list[ActOutcome])
    acts: list[Act] = field(default_factory=list[Act])
    asks: Clarification | None = None
    """What has to be asked before something of it can be done."""

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        return tuple(receipt for outcome in self.outcomes for receipt in outcome.receipts)

    def settle(self, acts: Sequence[Act]) -> None:
        """These are being done: who asked what was missing of such a thing need not ask any more."""
        if self.asks and {act.kind for act in self.asks.acts} & {act.kind for act in acts}:
            self.asks = None

    @property
    def orders(self) -> tuple[GivenOrder, ...]:
        kept = self.notes.kept()
        return kept.orders if kept else ()


class Orders:
    """Carries them out."""

    def __init__(self, reader: SayingReader, acting: Acting, inventory: Inventory) -> None:
        self._reader = reader
        self._acting = acting
        self._inventory = inventory

    @property
    def offered(self) -> OfferedTool:
        return offered(DO, DESCRIPTION, Do)

    async def give(self, arguments: object, given: OrdersSoFar) -> Observed:
        """What became of it, for the model."""
        try:
            text = Do.model_validate(arguments).sentence
        except ValidationError as error:
            return _told(f"These arguments are wrong: {sentence(error)}.")
        if any(same_sentence(order.text, text) for order in given.orders):
            return _told(DONE_BEFORE)
        if len(given.orders) >= MOST_ORDERS:
            return _told(TOO_MANY)
        said = _said(text, given.saying, given.receipts)
        found = await self._reader.understand(said)
        acts = tuple(act for act in found.acts if does(act, said))
        if found.question and found.question.lacks is Missing.LANGUAGE:
            return _told(IN_ENGLISH)
        if found.question:
            given.asks = found.question
            return _told(f"Not done. The user has to be asked first, and will be: {found.question.question}")
        if not acts:
            return _told(DOES_NOTHING)
        if given.tainted and any(act.kind is ActKind.UNDO for act in acts):
            return _told(ONLY_THE_PERSON)
        return await self._carry_out(GivenOrder(text=text, acts=acts, read_at=found.now, tainted=given.tainted), given)

    async def again(self, kept: Kept, saying: Saying, notes: Notes) -> tuple[list[ActOutcome], list[Act]]:
        """What became of those that were given before: each is done once, however often this is called."""
        given = OrdersSoFar(saying, notes, tainted=True)
        for number, order in enumerate(kept.orders):
            await self._done(number, order, kept.origin, given)
        return given.outcomes, given.acts

    async def _carry_out(self, order: GivenOrder, given: OrdersSoFar) -> Observed:
        saying = given.saying
        kept = given.notes.kept() or Kept(_nothing(order), saying.id)
        number = len(kept.orders)
        given.notes.keep(replace(kept, orders=(*kept.orders, order)))
        outcomes = await self._done(number, order, kept.origin, given)
        waits = "" if any(outcome.receipts for outcome in outcomes) else " Nothing is done so far."
        return _told(f"{together(outcomes, ())}{waits} The user is told this in so many words.")

    async def _done(self, number: int, order: GivenOrder, origin: QueryId, given: OrdersSoFar) -> Sequence[ActOutcome]:
        said = _said(order.text, given.saying, given.receipts)
        errand = Errand(said, order.acts, order.read_at, QueryId(f"{origin}-order{number}"), order.tainted)
        self._inventory.forget()
        outcomes = await self._acting.carry_out(errand, given.notes)
        self._inventory.forget()
        given.settle(order.acts)
        given.outcomes += outcomes
        given.acts += order.acts
        return outcomes


def _told(text: str) -> Observed:
    return Observed(text, looked=False)


def _said(text: str, saying: Saying, receipts: Sequence[Receipt]) -> Saying:
    """The sentence in place of what the person said; `it` is what was made last."""
    made = tuple(Thing(kind=each.kind, id=each.id, title=each.title) for each in reversed(receipts))
    return replace(saying, text=text, asked=None, before="", latest=(*made, *saying.latest))


def _nothing(order: GivenOrder) -> Understanding:
    return Understanding(acts=(), now=order.read_at, zone="UTC")


def call_of(arguments: dict[str, JsonValue]) -> str:
    """What is said while it is done."""
    said = arguments.get("sentence")
    return f"Having it done: {said} ..." if isinstance(said, str) else "Having it done ..."
