"""Whether a component does a job, as far as its SPEC tells: looked at when the job is added or changed, not when it is
due and nobody looks on."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from senter.component.spec import ComponentSpec
from senter.errors import InvalidInput
from senter.messages.control import CheckJob
from senter.messages.goals import JobTriggered
from senter.messages.job_work import JobWork

SEE = "See the components with: senter status"


def check_job(specs: Sequence[ComponentSpec], job: CheckJob) -> None:
    """Raises `InvalidInput` for a component that is not there, a type it does not do, or a payload it does not take.

    A component that takes jobs, and whose SPEC says nothing about them, takes all.
    """
    spec = next((each for each in specs if each.name == job.component), None)
    if spec is None:
        close = difflib.get_close_matches(job.component, [each.name for each in specs], n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise InvalidInput(f'There is no component "{job.component[:80]}".{meant}', SEE)
    work = spec.jobs.get(job.job_type)
    if work is not None:
        _check_payload(work, job)
    elif spec.jobs or JobTriggered not in spec.receives:
        does = f"It does: {', '.join(spec.jobs)}." if spec.jobs else SEE
        raise InvalidInput(f"{spec.name} does no jobs of type {job.job_type}.", does)


def _check_payload(work: type[JobWork], job: CheckJob) -> None:
    try:
        work.model_validate(job.payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        takes = ", ".join(work.model_fields)
        hint = f"It takes: {takes}." if takes else "Leave it out, or name another type."
        raise InvalidInput(_sentence(first, job), hint) from error


def _sentence(wrong: ErrorDetails, job: CheckJob) -> str:
    part = ".".join(map(str, wrong["loc"]))[:80]
    kind = f"a job of type {job.job_type} of {job.component}"
    match wrong["type"]:
        case "missing":
            return f'There is no "{part}" in {kind}.'
        case "extra_forbidden":
            return f'Unknown "{part}" in {kind}.'
        case "empty" | "nul" | "too_long" | "surrogate":
            return f"{wrong['msg'][:1].upper()}{wrong['msg'][1:]}."
        case _:
            return f'Cannot read the "{part}" of {kind}: {wrong["msg"]}.'
