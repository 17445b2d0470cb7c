"""What an endpoint says in place of an answer, or in the middle of one, as an exception."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import httpx2

from senter.components.models.chunks import AnswerChunk
from senter.components.models.refusals import EndpointFault, parse_fault
from senter.components.models.responses import read_whole

MAX_FAULT_BYTES = 64 * 1024


class Refusal(Exception):
    """What a server says in place of an answer, or in the middle of one."""

    def __init__(self, fault: EndpointFault, status: int, *, retry_after: str = "", in_answer: bool = False) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.status = status
        self.retry_after = retry_after
        self.in_answer = in_answer


async def check_status(response: httpx2.Response) -> None:
    if response.status_code != HTTPStatus.OK:
        fault = parse_fault(await read_whole(response, MAX_FAULT_BYTES))
        raise Refusal(fault, response.status_code, retry_after=response.headers.get("retry-after", ""))


def check_faults(chunks: Iterable[AnswerChunk]) -> None:
    for chunk in chunks:
        if fault := chunk.fault:
            raise Refusal(fault, fault.status or 0, in_answer=True)
