"""/api/approvals and /api/audit: what waits for a person's word, and the record of what was allowed and done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from senter.component.asking import Asker
from senter.components.api.bodies import MAX_NUMBER
from senter.components.api.goal_bodies import ApprovalsBody, AuditBody, DecisionBody
from senter.messages.approvals import DecideApproval, GetAudit, ListApprovals

ApprovalNumber = Annotated[int, Path(ge=1, le=MAX_NUMBER, description="The approval's number.")]
All = Annotated[bool, Query(alias="all", description="Whether to show decided ones too.")]
After = Annotated[int, Query(ge=0, le=MAX_NUMBER, description="Entries after this number.")]
Limit = Annotated[int, Query(ge=0, le=1000, description="How many at most.")]
Verify = Annotated[bool, Query(description="Whether to check the whole chain.")]


class OversightRoutes:
    """The chain of a long log takes its time to check, as a question does."""

    def __init__(self, asker: Asker, verify_timeout_seconds: float) -> None:
        self._asker = asker
        self._verify_timeout_seconds = verify_timeout_seconds

    def router(self) -> APIRouter:
        router = APIRouter(tags=["oversight"])
        router.add_api_route("/api/approvals", self.list, summary="What waits for a person's word")
        router.add_api_route(
            "/api/approvals/{approval_id}", self.decide, methods=["POST"], summary="Say yes or no to exactly that"
        )
        router.add_api_route("/api/audit", self.audit, summary="The record of what was allowed and done")
        return router

    async def list(self, include_decided: All = False) -> ApprovalsBody:
        return ApprovalsBody.of(await self._asker.ask(ListApprovals(include_decided=include_decided)))

    async def decide(self, approval_id: ApprovalNumber, body: DecisionBody) -> ApprovalsBody:
        command = DecideApproval(approval_id=approval_id, decision=body.decision)
        return ApprovalsBody.of(await self._asker.ask(command))

    async def audit(self, after: After = 0, limit: Limit = 200, verify: Verify = False) -> AuditBody:
        timeout_seconds = self._verify_timeout_seconds if verify else None
        return AuditBody.of(await self._asker.ask(GetAudit(verify=verify, after=after, limit=limit), timeout_seconds))
