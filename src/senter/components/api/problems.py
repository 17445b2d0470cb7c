"""Every failure a caller sees: RFC 9457 problem details, or what OpenAI clients expect under /v1.

One table says which error has which status. What failed is told in a sentence; a defect is logged with
its traceback and told without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from senter.components.api.complaints import Complaint, sentence_for
from senter.components.api.openai.failures import OpenAIFailure, failure_for, failure_of
from senter.components.api.requests import request_id_of
from senter.errors import InternalError, InvalidInput, MethodNotAllowed, NotFound, SenterError, TooLarge

V1: Final = "/v1/"
BAD_REQUEST: Final = 400
UNPROCESSABLE: Final = 422
RETRY_AFTER_SECONDS = 2

# What each status is called, and the codes of the errors that have it.
STATUSES: Mapping[int, tuple[str, str]] = {
    401: ("The token is missing or wrong", "unauthorized"),
    403: ("Not allowed", "forbidden permission_needed permission_denied"),
    404: ("Not found", "not_found model_not_found"),
    405: ("Wrong method", "method_not_allowed"),
    409: ("Contradicts what is there", "conflict cancelled budget_spent"),
    413: ("Too large", "too_large"),
    422: ("Cannot be understood", "invalid_input tool_error plan_error parameter_refused prompt_too_long"),
    429: ("Too much at once", "busy bus_full"),
    500: ("Senter failed", ""),
    502: ("The model failed", "model_error model_refused unusable_answer not_capable"),
    503: (
        "Not available now",
        "model_unavailable circuit_open unavailable stopping not_ready no_responder responder_died bus_unavailable "
        "communication_error unknown",
    ),
    504: ("No answer in time", "deadline_exceeded"),
    507: ("The disk is full", "storage_full"),
}
STATUS_BY_CODE = {code: status for status, (_, codes) in STATUSES.items() for code in codes.split()}

# What the web framework raises by itself, in our words.
ERROR_BY_STATUS: Mapping[int, tuple[type[SenterError], str]] = {
    400: (InvalidInput, "The request body cannot be read."),
    404: (NotFound, "There is nothing at this address."),
    405: (MethodNotAllowed, "This address does not take this method."),
    413: (TooLarge, "The request body is too large."),
}


class Problem(BaseModel):
    """What went wrong, RFC 9457."""

    type: str = Field(description="Names the kind of problem; the same for each problem of one code.")
    title: str = Field(description="The kind of problem, for people.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, one sentence.")
    hint: str = Field(description="What can be done about it; may be empty.")
    code: str = Field(description="The kind of problem, for programs.")
    request_id: str = Field(description="Names this request in the log.")


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def status_of(error: SenterError) -> int:
    return STATUS_BY_CODE.get(error.code, 500)


def problem_of(error: SenterError, request_id: str) -> Problem:
    status = status_of(error)
    return Problem(
        type=f"urn:senter:problem:{error.code}",
        title=STATUSES[status][0],
        status=status,
        detail=error.message,
        hint=error.hint,
        code=error.code,
        request_id=request_id,
    )


def status_under_v1(error: SenterError) -> int:
    """OpenAI's own for a request that is at fault; the other routes have narrower ones."""
    return BAD_REQUEST if status_of(error) == UNPROCESSABLE else status_of(error)


def openai_failure(error: SenterError) -> OpenAIFailure:
    return failure_of(error, status_under_v1(error))


def respond(error: SenterError, path: str, request_id: str) -> JSONResponse:
    """The answer to a failed request."""
    under_v1 = path.startswith(V1)
    status = status_under_v1(error) if under_v1 else status_of(error)
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 429 else {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="senter"'
    if under_v1:
        return JSONResponse(openai_failure(error).model_dump(), status, headers)
    return ProblemResponse(problem_of(error, request_id).model_dump(), status, headers)


class ProblemHandlers:
    """Translates what a route raises; the only place where the API meets errors it does not know."""

    def __init__(self, log: structlog.stdlib.BoundLogger) -> None:
        self._log = log

    def install(self, app: FastAPI) -> None:
        for kind in (SenterError, RequestValidationError, HTTPException, Exception):
            app.add_exception_handler(kind, self.answer)

    async def answer(self, request: Request, error: Exception) -> JSONResponse:
        match error:
            case SenterError():
                if status_of(error) == 500:
                    self._log.error("request_failed", path=request.url.path, code=error.code, exc_info=error)
                return _answer(request, error)
            case RequestValidationError():
                complaints = cast("Sequence[Complaint]", error.errors())
                if request.url.path.startswith(V1):
                    return JSONResponse(failure_for(complaints).model_dump(), BAD_REQUEST)
                return _answer(request, InvalidInput(sentence_for(complaints)))
            case HTTPException():
                kind, sentence = ERROR_BY_STATUS.get(error.status_code, (InternalError, "The request failed."))
                response = _answer(request, kind(sentence))
                response.headers.update(error.headers or {})
                return response
            case _:
                request_id = request_id_of(request)
                self._log.error("request_crashed", path=request.url.path, request_id=request_id, exc_info=error)
                return _answer(request, InternalError("Senter met a defect of its own.", "See: senter logs api"))


def _answer(request: Request, error: SenterError) -> JSONResponse:
    return respond(error, request.url.path, request_id_of(request))
