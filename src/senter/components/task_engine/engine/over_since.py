"""Why a job cannot be made what it was: it rang, it is gone, or its time went by. Asked before a goal is made, so that
what cannot be taken back is answered with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.components.task_engine.contract.tool import InverseCall
from senter.components.task_engine.journal.actions import ActionRecord
from senter.components.task_engine.tools.job_receipts import BECAME, CHANGE, RESTORE, TIME, is_over, told_of
from senter.errors import NotFound, SenterError
from senter.messages.schedule import GetJob
from senter.sentences import phrase

LOOK_SECONDS = 2.0


async def why_over(actions: Sequence[ActionRecord], bus: Bus, now: datetime, zone: ZoneInfo) -> str:
    """Why none of the actions can be taken back; empty where one of them can, and where nobody knows."""
    found = [await _why(action, bus, now, zone) for action in actions]
    return " ".join(found) if found and all(found) else ""


async def _why(action: ActionRecord, bus: Bus, now: datetime, zone: ZoneInfo) -> str:
    calls = [call for call in action.calls if call.tool in (CHANGE, RESTORE)]
    reasons = [await _why_not(call, action.receipt.title, bus, now, zone) for call in calls]
    return next(filter(None, reasons), "")


async def _why_not(call: InverseCall, title: str, bus: Bus, now: datetime, zone: ZoneInfo) -> str:
    if ended := call.params.get(TIME):
        past = datetime.fromisoformat(str(ended)) <= now
        return phrase("The time of this is over: {title}.", title=title) if past else ""
    if "version" not in call.params:
        return ""
    try:
        job = (await bus.request(GetJob(job=str(call.params["job"])), timeout_seconds=LOOK_SECONDS)).job
    except NotFound:
        return phrase("This is gone already: {title}.", title=title)
    except SenterError:
        return ""
    is_rung = bool(call.params.get("cancel")) and is_over(job)
    return f"{told_of(job, zone, BECAME['over'])}." if is_rung else ""
