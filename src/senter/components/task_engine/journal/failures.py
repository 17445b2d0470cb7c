"""What becomes of a task after a failure: tried again, failed, or quarantined. Pure.

A failure with a name (every `SenterError`) is understood: what can be retried is tried again until the
attempts are used up, and then the task failed. A death of the process and an error nobody foresaw are
not understood: the same one several times means poison, and the task is quarantined for a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import CommunicationError, ModelError, ModelRefused, SenterError, ToolError, Unavailable
from senter.masking import mask_known
from senter.messages.goals import Status

DIED = "Senter's process ended while it was carried out"
JITTER = 0.25
LONGEST_WAIT_SECONDS = 600.0
SIGNATURE_CHARACTERS = 300
ERROR_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class AttemptFailure:
    """Why an attempt ended."""

    text: str
    """For people."""
    signature: str
    """The same for failures that are the same."""
    understood: bool
    retryable: bool
    died: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a task's failures so far."""

    failures: int = 0
    """Deaths do not count: who can say that the task was at fault?"""
    repeated_failures: int = 0
    last_failure: str = ""

    def after(self, failure: AttemptFailure) -> Record:
        same = self.repeated_failures + 1 if failure.signature == self.last_failure else 1
        return Record(self.failures + (not failure.died), same, failure.signature)


@dataclass(frozen=True, slots=True)
class FailureVerdict:
    """What becomes of the task: pending again after a wait, failed, or quarantined."""

    status: Status
    wait_seconds: float = 0.0


def failure_of(error: Exception) -> AttemptFailure:
    """How an attempt failed that ended with `error`."""
    if isinstance(error, SenterError):
        text = mask_known(error.message)[:ERROR_CHARACTERS]
        return AttemptFailure(text, f"{error.code}: {text}"[:SIGNATURE_CHARACTERS], True, _is_retryable(error))
    said = mask_known(f"{type(error).__name__}: {error}")
    text = said[:ERROR_CHARACTERS].encode("utf-8", "replace").decode()
    return AttemptFailure(f"An error that was not foreseen: {text}", text[:SIGNATURE_CHARACTERS], False, True)


def death(at: str) -> AttemptFailure:
    """How an attempt failed whose process died `at` some step."""
    return AttemptFailure(f"{DIED} ({at}).", f"died {at}"[:SIGNATURE_CHARACTERS], False, True, died=True)


def judge(record: Record, failure: AttemptFailure, settings: TaskEngineSettings, jitter: float) -> FailureVerdict:
    """What becomes of a task whose record, this failure included, is `record`. `jitter` is between -1 and 1."""
    if not failure.understood and record.repeated_failures >= settings.quarantine_after:
        return FailureVerdict(Status.QUARANTINED)
    if failure.died:
        return FailureVerdict(Status.PENDING)
    if not failure.retryable or record.failures >= settings.attempts:
        return FailureVerdict(Status.FAILED)
    return FailureVerdict(Status.PENDING, wait_seconds(record.failures, settings.first_wait_seconds, jitter))


def wait_seconds(failures: int, first_seconds: float, jitter: float) -> float:
    """The wait after so many failures: doubling, more or less."""
    return min(first_seconds * 2.0 ** (failures - 1), LONGEST_WAIT_SECONDS) * (1 + JITTER * jitter)


def _is_retryable(error: SenterError) -> bool:
    if isinstance(error, ToolError):
        return error.retryable
    if isinstance(error, ModelRefused):
        return False
    return isinstance(error, ModelError | CommunicationError | Unavailable)
