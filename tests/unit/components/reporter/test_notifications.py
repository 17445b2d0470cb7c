"""Notifications reach a target once, or it is said why not. The target is a real server, the sender is Apprise."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from senter.bus.manifest import Manifest
from senter.component.testing import FakeClock
from senter.components.reporter.days import QuietHours
from senter.components.reporter.notifications import MOST_WAITING
from senter.components.reporter.sending import Sender
from senter.components.reporter.settings import ReporterSettings
from senter.components.reporter.targets import target_of, targets_of
from senter.errors import InvalidInput, NotFound, SettingsError
from senter.messages.activity import REMINDER, ActivityLogged
from senter.messages.consumed import Consumed, ConsumerOutcome
from senter.messages.envelope import Envelope, continuing, current
from senter.messages.message import ComponentName, Event
from senter.messages.reports import (
    DigestReady,
    DigestRequested,
    NotificationEnded,
    NotificationTestReply,
    RecordVisit,
    TestNotification,
)
from senter.settings.loading import load
from tests.support.notification_target import NotificationTarget, notification_target
from tests.unit.components.reporter.conftest import Office
from tests.waiting import until

UTC_ZONE = ZoneInfo("UTC")
TWO_AT_NIGHT = datetime(2026, 3, 2, 2, tzinfo=UTC)


async def test_what_matters_is_told_at_once_and_once(office: Office) -> None:
    async with notification_target() as target, office.open(targets=[target.url]):
        logged = await office.log("task_failed", "high", description="backup " * 60, error="why")
        await office.bus.publish(*logged)
        await office.log("task_completed", "normal", description="nothing to shout about")
        found = await office.delivered("sent")
        assert len(found) == len(target.told) == 1
        assert target.told[0].title == "Senter"
        assert target.told[0].message.startswith("Failed: backup backup")
        assert len(target.told[0].message) == 200
        assert found[0].deliveries[0].target == "json://*** (1)"
        assert (await office.progress()).kept == ()


async def test_what_waits_for_a_person_is_told_whole(office: Office) -> None:
    call = f"Waits for you: send {'x' * 500} Decide with: senter approvals approve 7 (or deny)"
    async with notification_target() as target, office.open(targets=[target.url]):
        event = ActivityLogged(kind="approval_waiting", summary=call, importance="high")
        await office.bus.publish(event, Envelope(sent_at=office.clock.now()))
        await office.delivered("sent")
        assert [told.message for told in target.told] == [call]
        assert [one.summary for one in (await office.progress()).activities] == [call]


async def test_a_target_that_is_down_gets_it_once_when_it_is_back(office: Office) -> None:
    target = NotificationTarget()
    async with notification_target(target):
        pass
    async with office.open(targets=[target.url], retry_seconds=0.05):
        await office.log("task_failed", "high", description="backup")
        await tried(office, 2)
        async with notification_target(target):
            await office.delivered("sent")
            assert len(target.told) == 1


async def test_a_target_that_answers_500_gets_it_again_until_it_takes_it(office: Office) -> None:
    target = NotificationTarget(status=500)
    async with notification_target(target), office.open(targets=[target.url], retry_seconds=0.05):
        await office.log("task_failed", "high", description="backup")
        await until(lambda: len(target.told) >= 2)
        assert "500" in (await office.notifications())[0].deliveries[0].error
        target.status = 200
        found = await office.delivered("sent")
        assert found[0].deliveries[0].attempts == len(target.told)


@pytest.mark.parametrize("option", ["", "?redirect=yes"])
@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_is_not_followed_and_is_no_success(office: Office, status: int, option: str) -> None:
    async with notification_target() as elsewhere:
        moved = NotificationTarget(status=status, location=f"http://127.0.0.1:{elsewhere.port}/")
        async with notification_target(moved), office.open(targets=[f"{moved.url}{option}"], retry_seconds=3_600):
            await office.log("task_failed", "high", description="backup")
            await tried(office, 1)
            assert str(status) in (await office.notifications())[0].deliveries[0].error
            assert (len(moved.told), elsewhere.visits) == (1, 0)


async def test_a_slow_target_holds_up_no_other_and_is_not_asked_twice(office: Office) -> None:
    async with notification_target() as slow, notification_target() as quick:
        slow.hold.clear()
        async with office.open(targets=[slow.url, quick.url], retry_seconds=0.05):
            await office.log("task_failed", "high", description="one")
            await office.log("task_failed", "high", description="two")
            await until(lambda: len(quick.told) == 2 and len(slow.told) == 1)
            slow.hold.set()
            await office.delivered("sent")
            assert (len(slow.told), len(quick.told)) == (2, 2)


async def test_a_connection_that_breaks_after_sending_is_not_tried_again_and_said(office: Office) -> None:
    target = NotificationTarget(status=None)
    async with notification_target(target), office.open(targets=[target.url], retry_seconds=0.05):
        await office.log("task_failed", "high", description="backup")
        found = await office.delivered("unknown")
        assert "may have arrived" in found[0].deliveries[0].error
        assert len(target.told) == 1
        assert [one.id for one in (await office.progress()).kept] == [found[0].id]


async def test_what_was_cut_off_while_it_was_sent_is_not_sent_again_and_said(office: Office) -> None:
    async with notification_target() as target:
        target.hold.clear()
        async with office.open(targets=[target.url]):
            await office.log("task_failed", "high", description="backup")
            await until(lambda: len(target.told) == 1)
        target.hold.set()
        async with office.open(targets=[target.url]):
            found = await office.delivered("unknown")
            assert "not sent again" in found[0].deliveries[0].error
            assert len(target.told) == 1


@pytest.mark.parametrize("url", ["nosuch://somewhere", "slack://short", "tgram://short"])
async def test_a_wrong_address_is_given_up_at_once_and_shown_at_the_next_visit(office: Office, url: str) -> None:
    async with office.open(targets=[url]):
        await office.log("task_failed", "high", description="backup")
        found = await office.delivered("given_up")
        assert found[0].deliveries[0].error
        assert url not in found[0].model_dump_json()
        reply = await office.progress()
        assert [one.body for one in reply.kept] == ["Failed: backup"]
        await office.bus.request(RecordVisit(**dict(reply.seen)), timeout_seconds=5)
        assert (await office.progress()).kept == ()


@pytest.mark.parametrize(
    ("url", "secrets"),
    [
        ("twilio://ACsecretsecret:tok@1555/18005551234", ("AC", "1555", "18005551234")),
        ("whatsapp://sesame:tok@from/123456", ("sesame", "123456")),
        ("signal://127.0.0.1:1/sesame/123456", ("sesame", "123456", "127.0.0.1")),
        ("mailto://open:s%65same@sesame%2Eexample:no", ("open", "sesame", "example")),
    ],
)
async def test_a_problem_tells_nothing_of_the_address(office: Office, url: str, secrets: tuple[str, ...]) -> None:
    async with office.open(targets=[url]):
        problem = (await try_out(office)).targets[0].problem
        assert problem
        assert not [secret for secret in secrets if secret in problem]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Sending to Opensesame failed", "Sending to *** failed"),
        ("Sending to open sesame failed", "Sending to *** *** failed"),
        ('POST https://o...e@example.org/x refused "401"', 'POST https://*** refused "401"'),
        ("ValueError:\n port '+1555' is no number", "ValueError: port '+***' is no number"),
        ("no chat was named", "no chat was named"),
        (f"{'x' * 60}://someone refused", f"{'x' * 60}://*** refused"),
    ],
)
def test_what_a_service_says_is_told_without_the_address(said: str, told: str) -> None:
    assert target_of("tgram://opensesame/open%20sesame:+1555?to=no").masked(said) == told


async def test_a_target_that_stays_down_is_given_up_and_said(office: Office) -> None:
    target = NotificationTarget()
    async with notification_target(target):
        pass
    async with office.open(targets=[target.url], retry_seconds=0.05, give_up_after_hours=0.0001):
        await office.log("task_failed", "high", description="backup")
        found = await office.delivered("given_up")
        assert found[0].deliveries[0].error.startswith("Given up after 0.0001 hours")
        assert len((await office.progress()).kept) == 1


async def test_targets_of_one_service_are_told_apart_by_their_place_in_the_settings(office: Office) -> None:
    both = ["json://*** (1)", "json://*** (2)"]
    refusing = NotificationTarget(status=500)
    async with (
        notification_target() as taking,
        notification_target(refusing),
        office.open(targets=[taking.url, refusing.url], retry_seconds=3_600),
    ):
        await office.log("task_failed", "high", description="backup")
        await until(lambda: f"{both[1]}: " in office.component.health().detail)
        assert sorted(one.target for one in (await office.notifications())[0].deliveries) == both
        assert [one.target for one in (await try_out(office)).targets] == both


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"targets": []}, "The target is not in the settings any more."),
        ({"notifications": False}, "Notifications are switched off."),
    ],
)
async def test_what_waits_for_a_target_that_is_gone_is_given_up_with_the_true_reason(
    office: Office, changed: dict[str, object], reason: str
) -> None:
    target = NotificationTarget()
    async with notification_target(target):
        pass
    async with office.open(targets=[target.url], retry_seconds=3_600):
        await office.log("task_failed", "high", description="backup")
        await tried(office, 1)
    async with office.open(**{"targets": [target.url], **changed}):
        found = await office.delivered("given_up")
        assert found[0].deliveries[0].error == reason


async def test_without_a_target_it_is_kept_and_shown_at_the_next_visit(office: Office) -> None:
    async with office.open():
        await office.log("task_failed", "critical", description="backup")
        reply = await office.heard(1)
        assert [one.body for one in reply.kept] == ["Failed: backup"]
        await office.bus.request(RecordVisit(**dict(reply.seen)), timeout_seconds=5)
        assert (await office.progress()).kept == ()


async def test_a_reminder_is_told_whatever_the_threshold_and_however_many_wait(office: Office) -> None:
    refusing = NotificationTarget(status=500)
    settings = {"targets": [refusing.url], "threshold": "critical", "retry_seconds": 3_600}
    async with notification_target(refusing), office.open(**settings):
        await office.log("task_failed", "high", description="below the threshold")
        for _ in range(MOST_WAITING):
            await office.log("task_failed", "critical", description="backup")
        await office.log(REMINDER, "high")
        await office.log("task_failed", "critical", description="one too many")
        await office.heard(MOST_WAITING + 3)
        newest = (await office.notifications())[:2]
        assert [(one.body, len(one.deliveries)) for one in newest] == [("Failed: one too many", 0), ("Something.", 1)]


@pytest.mark.parametrize(("minutes", "late"), [(1, False), (35, True)])
async def test_a_reminder_that_comes_late_says_when_it_was_due(office: Office, minutes: int, late: bool) -> None:
    office.clock = FakeClock(datetime(2026, 3, 2, 9, minutes, tzinfo=UTC))
    async with office.open(timezone="Europe/Berlin"):
        due_at = datetime(2026, 3, 2, 9, tzinfo=UTC).isoformat()
        text = "Reminder: " + "tea " * 60
        event = ActivityLogged(kind=REMINDER, summary=text, details={"due_at": due_at}, importance="high")
        await office.bus.publish(event, Envelope(sent_at=office.clock.now()))
        said = (await office.heard(1)).activities[0].summary
        kept = (await office.notifications())[0].body
    assert said == kept
    assert said.startswith("Reminder: tea tea")
    assert said.endswith("(late: it was due Mon 2 Mar 2026, 10:00, Europe/Berlin)") is late


async def test_switched_off_means_none_is_made(office: Office) -> None:
    async with notification_target() as target, office.open(targets=[target.url], notifications=False):
        await office.log("task_failed", "critical", description="backup")
        await office.heard(1)
        assert await office.notifications() == []
        assert target.told == []


async def test_quiet_hours_hold_back_all_but_what_is_critical(office: Office) -> None:
    clock = office.clock = FakeClock(TWO_AT_NIGHT)
    settings = {"quiet_from": "22:00", "quiet_to": "07:00"}
    async with notification_target() as target, office.open(targets=[target.url], **settings):
        await office.log("task_failed", "high", description="can wait")
        await office.log("task_failed", "critical", description="cannot")
        await until(lambda: [one.message for one in target.told] == ["Failed: cannot"])
        await clock.advance(4 * 3_600)
        assert len(target.told) == 1
        await clock.advance(3_700)
        await until(lambda: [one.message for one in target.told][1:] == ["Failed: can wait"])


def test_quiet_hours_may_pass_midnight_or_be_none() -> None:
    noon = TWO_AT_NIGHT.replace(hour=12)
    around = QuietHours("23:00", "05:00", UTC_ZONE)
    assert around.at(TWO_AT_NIGHT)
    assert not around.at(noon)
    assert QuietHours("20:00", "23:00", ZoneInfo("Asia/Tokyo")).at(noon)
    assert not QuietHours("", "", UTC_ZONE).at(TWO_AT_NIGHT)
    assert not QuietHours("08:00", "08:00", UTC_ZONE).at(TWO_AT_NIGHT)


async def test_quiet_hours_are_those_of_the_users_zone(office: Office) -> None:
    office.clock = FakeClock(TWO_AT_NIGHT)
    settings = {"quiet_from": "22:00", "quiet_to": "07:00", "timezone": "Asia/Tokyo"}
    async with notification_target() as target, office.open(targets=[target.url], **settings):
        await office.log("task_failed", "high", description="backup")
        await office.delivered("sent")


async def test_a_test_looks_first_and_sends_then(office: Office) -> None:
    async with notification_target() as target, office.open(targets=[target.url]):
        looked = await try_out(office)
        assert [(one.service, one.sent, one.problem) for one in looked.targets] == [("JSON", None, "")]
        assert target.told == []
        sent = await try_out(office, dry_run=False)
        assert [one.sent for one in sent.targets] == [True]
        assert [one.message for one in target.told] == [sent.body]
        wrong = await try_out(office, url="nosuch://x", dry_run=False)
        assert (wrong.targets[0].sent, bool(wrong.targets[0].problem)) == (None, True)
        with pytest.raises(InvalidInput):
            await try_out(office, url="not a url")


async def test_a_test_without_a_target_says_how_to_name_one(office: Office) -> None:
    async with office.open():
        with pytest.raises(NotFound) as refused:
            await try_out(office)
        assert "senter notify test" in refused.value.hint


def test_a_target_that_is_no_address_is_refused_without_being_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        ReporterSettings.model_validate({"targets": ["not an address"]})
    assert refused.value.errors()[0]["loc"] == ("targets",)


@pytest.mark.parametrize(("given", "missing"), [("quiet_from", "quiet_to"), ("quiet_to", "quiet_from")])
def test_half_of_the_quiet_hours_is_refused(tmp_path: Path, given: str, missing: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(f'[reporter]\n{given} = "22:00"\n')
    with pytest.raises(SettingsError, match=f"{given} needs {missing}"):
        load(file, {"reporter": ReporterSettings}, {})


async def test_the_desktop_is_told_by_its_own_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "notify-send"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/shown\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("DISPLAY", ":0")
    (target,) = targets_of((), desktop=True)
    async with Sender(target) as sender:
        assert (await sender.check()).problem == ""
        assert (await sender.send("Senter", "--urgency=low; $(id)")).sent
    assert (tmp_path / "shown").read_text().splitlines() == [
        "--app-name=Senter",
        "--",
        "Senter",
        "--urgency=low; $(id)",
    ]


@pytest.mark.parametrize("missing", ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY"])
def test_without_a_session_there_is_no_desktop(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.setenv(name, "")
    for name in {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY"} - {missing}:
        monkeypatch.setenv(name, "set")
    assert targets_of((), desktop=True) == ()


async def try_out(office: Office, url: str = "", *, dry_run: bool = True) -> NotificationTestReply:
    return await office.bus.request(TestNotification(url=url, dry_run=dry_run), timeout_seconds=30)


async def tried(office: Office, attempts: int) -> None:
    """Wait until the first notification was tried so often."""
    async with asyncio.timeout(20):
        while True:
            found = await office.notifications()
            first = found[0].deliveries[0] if found else None
            if first and first.state == "pending" and first.attempts >= attempts:
                return
            await asyncio.sleep(0.01)


def test_targets_are_masked_wherever_settings_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[reporter]\ntargets = ["ntfy://secret-topic@example.org"]\n')
    shown = {entry.key: entry.value for entry in load(file, {"reporter": ReporterSettings}, {}).entries()}
    assert shown["reporter.targets"] == ["***"]
    file.write_text('[reporter]\ntargets = ["no address with secret-topic"]\n')
    with pytest.raises(SettingsError) as refused:
        load(file, {"reporter": ReporterSettings}, {})
    assert "secret-topic" not in str(refused.value)


async def test_whoever_hears_of_a_digest_or_a_notification_can_tell_what_it_came_of(office: Office) -> None:
    heard: list[tuple[Event, str | None]] = []

    async def hear(event: Event, _: bool) -> Consumed:
        heard.append((event, current().correlation_id))
        return Consumed(ConsumerOutcome.DONE)

    told = (DigestReady, NotificationEnded)
    listener = office.broker.bus(ComponentName("listener"), Manifest(receives=told))
    await listener.consume(told, hear)
    async with notification_target() as target, office.open(targets=[target.url]):
        with continuing("a job's run"):
            await office.bus.publish(ActivityLogged(kind="k", summary="s", importance="high"))
        _, reminder = await office.log("reminder", "high")
        request = Envelope()
        await office.bus.publish(DigestRequested(job="daily_digest", due_at=TWO_AT_NIGHT), request)
        await until(lambda: len(heard) == 4)
    causes = [cause for event, cause in heard if isinstance(event, NotificationEnded)]
    assert sorted(map(str, causes)) == sorted(("a job's run", reminder.id, request.id))
    assert [cause for event, cause in heard if isinstance(event, DigestReady)] == [request.id]
    await listener.close()
