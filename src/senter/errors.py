"""Every failure Senter can name, as one tree.

An error is built from arguments, carries a sentence for people (`message`), what they can do about it
(`hint`) and a stable `code` for programs. It is translated at three edges only: the command line (exit
code), the HTTP API (status) and the component runner (exit status). Over the bus it travels as its
code, message and hint and is rebuilt by `from_wire`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self, cast

from senter.sentences import phrase
from senter.text import snake_case


class SenterError(Exception):
    """A failure without a narrower code, and the root of the tree. An instance carries `message` and `hint`."""

    code: ClassVar[str] = "error"
    by_code: ClassVar[dict[str, type[SenterError]]] = {}
    parameter: str = ""
    """The parameter of the request that is at fault, where it is one."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = _sayable(message)
        self.hint = _sayable(hint)
        super().__init__(self.message)

    def __init_subclass__(cls) -> None:
        """Its code is its name in snake case, where it does not say another; a code never changes."""
        super().__init_subclass__()
        if "code" not in vars(cls):
            cls.code = snake_case(cls.__name__)
        SenterError.by_code[cls.code] = cls

    @staticmethod
    def from_wire(code: str, message: str, hint: str, parameter: str = "") -> SenterError:
        """Rebuild an error that crossed a process boundary; an unknown code becomes `SenterError`."""
        kind = SenterError.by_code.get(code, SenterError)
        error = kind.__new__(kind)
        SenterError.__init__(error, message, hint)
        error.parameter = parameter
        return error


def first_of(error: BaseException) -> BaseException:
    """The first of what task groups wrapped: its type and its words decide."""
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error


def _sayable(text: str) -> str:
    """Half a character, from a file name that is no text, cannot be written down or sent."""
    return text.encode("utf-8", "replace").decode()


# Start: the daemon or a component cannot begin.


class SettingsError(SenterError):
    """The settings cannot be used. A component that raises it is not restarted until they change.

    `problems` holds one sentence for each thing that is wrong, where the file as a whole was checked.
    """

    problems: tuple[str, ...] = ()

    @classmethod
    def from_problems(cls, problems: Sequence[str]) -> Self:
        lines = "\n".join(f"  {problem}" for problem in problems)
        message = problems[0] if len(problems) == 1 else f"{len(problems)} settings are wrong:\n{lines}"
        error = cls(message, "Change it with: senter config edit. Check it with: senter config check")
        error.problems = tuple(problems)
        return error


class StartError(SenterError):
    """A numbered start step failed."""

    code = "start_failed"


class AlreadyRunning(StartError):
    """Another daemon holds the single-instance lock of this home."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"Senter is already running (pid {pid}).", "See it with: senter status")


class DaemonNotRunning(SenterError):
    """No daemon answers for this home."""

    code = "not_running"

    def __init__(self, home: str) -> None:
        super().__init__(f"Senter is not running (home {home}).", "Start it with: senter start")


# Run: a component meets a condition it can name.


class ComponentError(SenterError):
    """A component cannot do its work."""

    def __init__(self, component: str, message: str, hint: str = "") -> None:
        super().__init__(f"{component}: {message}", hint)
        self.component = component


class NotReady(SenterError):
    """What the component needs is not there yet; the runner backs off and tries again."""


class StoreError(SenterError):
    """A database cannot be read or written."""


class NewerSchema(StoreError):
    """The database was written by a newer Senter."""

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found}; this Senter knows up to {known}.",
            "Run the newer Senter again, or restore a snapshot from before the upgrade.",
        )


class MigrationChanged(StoreError):
    """A migration that was already applied no longer has the text it had then."""

    def __init__(self, path: str, name: str) -> None:
        super().__init__(
            f"{path}: migration {name} differs from the one that was applied.",
            "Restore the released file; write a new migration for a new change.",
        )


class CorruptDatabase(StoreError):
    """SQLite says that the file is damaged."""


class StorageFull(StoreError):
    """The disk refused a write."""


class ChildFailed(SenterError):
    """A child process with foreign code in it died, hung or said too much. It was ended; its owner goes on."""


# Communication: a message cannot be delivered or answered.


class CommunicationError(SenterError):
    """The bus could not carry a message or bring back its answer."""


class BusUnavailable(CommunicationError):
    """The connection to the bus is down. The outcome of a request in flight is unknown."""

    def __init__(self, detail: str = "the connection to the bus is down") -> None:
        super().__init__(f"The message bus cannot be reached: {detail}.", "See: senter status")


class BusFull(CommunicationError):
    """The receiver's queue, or the way to it, is full. Nothing was executed."""

    def __init__(self, receiver: str) -> None:
        super().__init__(f"{receiver} has too many messages waiting.", "Try again in a moment.")


class NoResponder(CommunicationError):
    """Nobody receives this command now. Nothing was executed."""

    def __init__(self, receiver: str) -> None:
        super().__init__(f"{receiver} is not running.", f"See: senter status {receiver}")


class ResponderDied(CommunicationError):
    """The receiver died while it held the request. The outcome is unknown."""

    def __init__(self, receiver: str) -> None:
        super().__init__(f"{receiver} died while it was answering.", f"See: senter status {receiver}")


class DeadlineExceeded(CommunicationError):
    """No answer came before the deadline."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(f"{what} timed out after {seconds:g} s.", "Try again, or give it more time with --timeout.")


class OutcomeUnknown(CommunicationError):
    """The connection was lost after the request was sent; whether it was carried out is not known."""

    code = "unknown"

    def __init__(self, what: str, hint: str = "See: senter status") -> None:
        super().__init__(f"The connection was lost and the outcome of {what} is unknown.", hint)


class NotDeclared(CommunicationError):
    """A component used a message that its SPEC does not declare."""

    def __init__(self, component: str, message: str, what: str) -> None:
        super().__init__(f"{component} does not declare that it {what} {message}.", "Add it to the component's SPEC.")


# Outside: what a person sent, and what other programs do.


class InvalidInput(SenterError):
    """What was asked cannot be understood or is out of bounds. Nothing was changed."""


class Unclear(InvalidInput):
    """What was asked can mean several things, or leaves something open: the message asks, the hint offers answers."""


class NotFound(SenterError):
    """The thing that was named does not exist."""


class ModelNotFound(NotFound):
    """A chat asked for a model that is not offered here."""

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__("There is no such model.", f"Ask for one of: {', '.join(offered)}.")
        self.parameter = "model"


class Unreadable(SenterError):
    """No text can be taken out of a file or an answer."""


class Conflict(SenterError):
    """The request contradicts what is already there."""


class Cancelled(SenterError):
    """The asker went away or withdrew the request."""


class Unavailable(SenterError):
    """A part of Senter that the request needs is disabled, stopped or given up."""


class Stopping(Unavailable):
    """Senter is being stopped and takes nothing new."""

    def __init__(self) -> None:
        super().__init__("Senter is stopping.", "Start it again with: senter start")


class Busy(SenterError):
    """A bounded queue for people is full. Nothing was executed."""


class TooLarge(SenterError):
    """What was sent is larger than the limit."""


class Unauthorized(SenterError):
    """The token is missing or wrong."""


class Forbidden(SenterError):
    """This caller may not do this."""


class MethodNotAllowed(SenterError):
    """The address exists, but not for this HTTP method."""


class InternalError(SenterError):
    """A defect in Senter; its log says more."""


class ModelError(SenterError):
    """A model could not answer."""


class ModelUnavailable(ModelError):
    """An endpoint cannot be reached, refuses, or answers with an error that another try may mend.

    `retryable` says whether the same endpoint may be tried again at once; `retry_after_seconds` is what
    it asked for. Both matter inside a model worker only and do not cross the bus.
    """

    retryable: bool = False
    retry_after_seconds: float | None = None

    def __init__(
        self, message: str, hint: str = "", *, retryable: bool = False, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message, hint)
        self.retryable = retryable
        self.retry_after_seconds = retry_after_seconds


class UnusableAnswer(ModelUnavailable):
    """A model answered, but said nothing, or not what had to be said: no fault of its server. Another may do better."""


class ModelRefused(ModelError):
    """An endpoint understood the request and refuses it; another try would not help."""


class PromptTooLong(ModelRefused):
    """The prompt does not fit the model's context; a shorter one would."""

    def __init__(self, endpoint: str, detail: str = "") -> None:
        named = f"the {endpoint.removeprefix('The ')}" if endpoint.startswith("The ") else endpoint
        super().__init__(
            f"The prompt is too long for {named}{f' ({detail})' if detail else ''}.",
            "Ask a shorter question, begin a new conversation, or use a model with a larger context.",
        )


class ParameterRefused(ModelRefused):
    """An endpoint refuses a parameter that the answer cannot do without; `parameter` names it."""

    def __init__(self, endpoint: str, parameter: str, why: str = "") -> None:
        super().__init__(
            f"{endpoint} does not take {parameter}{f': {why}' if why else ''}.",
            f"Leave {parameter} out, or ask a model that takes it.",
        )
        self.parameter = parameter


class NotCapable(ModelRefused):
    """Only a capable model was wanted, and none can answer now. `why` names those that should have."""

    why: str = ""

    def __init__(self, why: str = "") -> None:
        super().__init__(f"No capable model can answer. {why}".strip(), "See: senter models")
        self.why = why


class CannotDo(ModelRefused):
    """What is asked for needs something that is not here: `lacks` says what, and what can be done without."""

    code = "cannot_do"

    def __init__(self, what: str, lacks: str) -> None:
        super().__init__(
            phrase("Cannot do this: {what}. {lacks}", what=what, lacks=lacks), phrase("See: senter models")
        )


class CircuitOpenError(ModelError):
    """The endpoint failed too often of late and is left alone for a while."""

    code = "circuit_open"

    def __init__(self, endpoint: str, retry_in_seconds: float) -> None:
        super().__init__(f"{endpoint} failed too often and is left alone for another {retry_in_seconds:.0f} s.")


# Work: a goal or a task cannot go on.


class ToolError(SenterError):
    """A tool could not do what it was asked. `retryable` says whether another try may mend it.

    `trusted` says that message and hint hold nobody's words but Senter's and the call's own arguments. It never
    crosses a pipe or the bus: what failed elsewhere failed in the words of others.
    """

    retryable: bool = False
    trusted: bool = False

    def __init__(self, message: str, hint: str = "", *, retryable: bool = False, trusted: bool = False) -> None:
        super().__init__(message, hint)
        self.retryable = retryable
        self.trusted = trusted


class PermissionNeeded(SenterError):
    """Something lies outside a goal's grant. `needs` holds what, by type (senter.messages.needs); as text they are
    words for people."""

    needs: tuple[object, ...] = ()

    def __init__(self, needs: Sequence[object]) -> None:
        super().__init__(f"The goal's grant does not allow: {_listed(needs)}.", "See: senter approvals")
        self.needs = tuple(needs)


class PermissionDenied(PermissionNeeded):
    """What lies outside a goal's grant was asked for, and the answer was no, or none came in time."""

    def __init__(self, needs: Sequence[object], *, expired: bool) -> None:
        super().__init__(needs)
        said = "Nobody said yes in time to" if expired else "A person said no to"
        SenterError.__init__(self, f"{said}: {_listed(needs)}.", "Be asked again with: senter goal retry N")


def _listed(needs: Sequence[object]) -> str:
    return "; ".join(map(str, needs))


class TooOftenDenied(SenterError):
    """A task that has read text from outside was told no as often as it may be. It ends, and asks nothing more."""

    def __init__(self, denials: int) -> None:
        super().__init__(
            f"It has read text from outside, and what it asked for was refused {denials} times, so it ended.",
            "Be asked again with: senter goal retry N",
        )


class BudgetSpent(SenterError):
    """A goal used up what it may use."""

    def __init__(self, what: str, limit: float, left: float = 0.0) -> None:
        used_up = f"The goal has used up its {what} ({limit:g})."
        too_few = f"The goal has {left:g} of {limit:g} {what} left, which is too little for its next call."
        super().__init__(too_few if left else used_up, "It gets as much again with: senter goal retry N")


class PlanError(SenterError):
    """No plan can be made, or a plan cannot be used."""
