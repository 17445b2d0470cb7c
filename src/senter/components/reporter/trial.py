"""A test of notification targets: first a look at each, then one message, at once and outside the outbox."""

from __future__ import annotations

import asyncio

from senter.components.reporter.notifications import TITLE
from senter.components.reporter.sending import Sender
from senter.components.reporter.settings import TARGET, ReporterSettings
from senter.components.reporter.targets import Target, target_of, targets_of
from senter.errors import ChildFailed, InvalidInput, NotFound
from senter.messages.reports import NotificationTestReply, TestedTarget, TestNotification

BODY = "This is a test. Notifications from Senter arrive here."
MOST_URL_CHARACTERS = 4_096


async def try_targets(command: TestNotification, settings: ReporterSettings) -> NotificationTestReply:
    """Test the target of the command, or all of the settings'. Raises `InvalidInput` or `NotFound`."""
    targets = _chosen(command.url.strip(), settings)
    tested = await asyncio.gather(*(_try(target, dry_run=command.dry_run) for target in targets))
    return NotificationTestReply(title=TITLE, body=BODY, targets=tuple(tested))


def _chosen(url: str, settings: ReporterSettings) -> tuple[Target, ...]:
    if url:
        if len(url) > MOST_URL_CHARACTERS or not TARGET.fullmatch(url):
            raise InvalidInput(
                "Cannot read this as an Apprise URL.", "Write it like: ntfy://HOST/TOPIC or mailto://USER:PASS@HOST"
            )
        return (target_of(url),)
    targets = targets_of(settings.targets, desktop=settings.desktop)
    if not targets:
        raise NotFound(
            "There is no notification target, and no desktop: notifications are kept and shown by senter progress.",
            "Name one: senter notify test ntfy://HOST/TOPIC. Keep it in reporter.targets with: senter config edit",
        )
    return targets


async def _try(target: Target, *, dry_run: bool) -> TestedTarget:
    async with Sender(target) as sender:
        try:
            checked = await sender.check()
        except ChildFailed as error:
            return TestedTarget(target=target.shown, service="", sent=None, problem=error.message)
        if checked.problem or dry_run:
            return TestedTarget(target=target.shown, service=checked.service, sent=None, problem=checked.problem)
        sent = await sender.send(TITLE, BODY)
    return TestedTarget(target=target.shown, service=checked.service, sent=sent.sent, problem=sent.problem)
