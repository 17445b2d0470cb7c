"""The OpenAPI page tells the truth, and nothing that follows or breaks it makes Senter fail."""

# schemathesis leaves type arguments of its own classes open.
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false, reportUnknownParameterType=false
# pyright: reportMissingTypeArgument=false, reportUntypedFunctionDecorator=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from senter.paths import Paths
from tests.support.api_stage import Stage, openapi_page, staged

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    with staged(Paths(Path(tmp_path_factory.mktemp("openapi")))) as stage:
        stage.scene.supervisor.add_letter(1)
        yield stage


# These streams end late or never; their tests are with the component's.
schema = schemathesis.openapi.from_dict(openapi_page()).exclude(path=["/api/events", "/api/goals/{goal_id}/events"])


@schema.parametrize()
@settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_no_request_makes_senter_fail(case: schemathesis.Case, stage: Stage) -> None:
    headers = {"Authorization": f"Bearer {stage.scene.token}"}
    case.call_and_validate(base_url=stage.scene.address, checks=CHECKS, headers=headers, timeout=20)
