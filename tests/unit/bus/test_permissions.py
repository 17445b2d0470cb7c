"""What the broker lets a component do follows from what it declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from senter.bus.access import BusAccess
from senter.bus.manifest import Manifest
from senter.bus.permissions import permissions
from senter.bus.server import SUPERVISOR
from senter.bus.settings import BusSettings
from senter.errors import SettingsError
from senter.messages.health import HealthCheck
from senter.messages.message import ComponentName
from senter.messages.model import GetModelStatus, ModelDelta, ModelRequest
from senter.messages.query import QueryAnswered, UserQuery
from senter.settings.secret import SecretAddress
from tests.support.cluster import cluster_permissions

NAME = ComponentName("someone")


def test_a_component_that_declares_nothing_may_only_live() -> None:
    allowed = permissions(NAME, Manifest())
    assert allowed.publish == ("volatile.heartbeat.someone",)
    assert allowed.subscribe == ("_INBOX_someone.>", "broadcast.*", "died.*")


def test_each_declaration_opens_its_own_subjects() -> None:
    manifest = Manifest(sends=(UserQuery, ModelRequest, QueryAnswered, ModelDelta, HealthCheck))
    assert set(permissions(NAME, manifest).publish) == {
        "request.assistant.user_query",
        "request.*.model_request",
        "event.query_answered",
        "$JS.API.STREAM.INFO.EVENTS",
        "volatile.model_delta.*",
        "broadcast.health_check",
        "volatile.heartbeat.someone",
    }
    manifest = Manifest(receives=(GetModelStatus, ModelDelta), observes=(QueryAnswered,))
    assert set(permissions(NAME, manifest).subscribe) == {
        "_INBOX_someone.>",
        "broadcast.*",
        "died.*",
        "request.someone.get_model_status",
        "volatile.model_delta.*",
        "event.query_answered",
    }


def test_only_a_consumer_may_touch_the_stream_and_only_its_own_place() -> None:
    allowed = permissions(NAME, Manifest(receives=(QueryAnswered,)))
    assert set(allowed.publish) == {
        "volatile.heartbeat.someone",
        "$JS.ACK.EVENTS.someone.>",
        "$JS.API.CONSUMER.RESET.EVENTS.someone",
        "dead.someone",
    }
    assert "deliver.someone" in allowed.subscribe
    assert not any(subject.startswith("event.") for subject in allowed.subscribe)


def test_the_supervisor_may_do_everything() -> None:
    assert permissions(SUPERVISOR, Manifest(is_supervisor=True)).publish == (">",)


def test_a_user_for_the_whole_daemon_cannot_touch_streams_that_are_not_senters() -> None:
    allowed = cluster_permissions([NAME, SUPERVISOR])
    for subject in allowed.publish:
        assert not subject.startswith("$JS") or ".EVENTS" in subject or ".DEAD" in subject
    assert "_INBOX_someone.>" in allowed.subscribe


def test_a_cluster_is_reached_under_the_users_settings() -> None:
    settings = BusSettings(
        url=SecretAddress("nats://me:pw@one:4222, nats://two:4222"), user="u", password=SecretStr("p")
    )
    access = BusAccess.to_cluster(settings, NAME)
    assert access.servers == ["nats://me:pw@one:4222", "nats://two:4222"]
    assert access.place == "nats://***@one:4222,nats://two:4222"
    assert (access.user, access.password) == ("u", "p")
    assert "'p'" not in repr(access)
    assert "pw" not in repr(access) + repr(settings)
    assert "'p'" not in repr(settings)


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    access = BusAccess(url="tls://one:4222", name=NAME, credentials_file=str(tmp_path / "gone.creds"))
    with pytest.raises(SettingsError, match=r"bus\.credentials_file"):
        access.credentials()
    garbage = tmp_path / "ca.pem"
    garbage.write_text("not a certificate")
    with pytest.raises(SettingsError, match=r"bus\.tls_ca"):
        BusAccess(url="tls://one:4222", name=NAME, tls_ca=str(garbage)).tls()
