"""What a user needs on a NATS cluster that Senter joins, as docs/guides/foreign-cluster.md tells its operator."""

from __future__ import annotations

from collections.abc import Iterable

from senter.bus import subjects
from senter.bus.permissions import Permissions
from senter.messages.message import ComponentName

# What the supervisor asks of JetStream's own interface.
ADMINISTRATION = (
    *(
        f"$JS.API.STREAM.{action}.{stream}"
        for action in ("CREATE", "UPDATE", "INFO", "DELETE", "MSG.GET", "MSG.DELETE")
        for stream in (subjects.EVENTS, subjects.DEAD)
    ),
    *(f"$JS.API.CONSUMER.{action}.{subjects.EVENTS}.*" for action in ("CREATE", "DELETE", "RESET")),
    f"$JS.API.CONSUMER.LIST.{subjects.EVENTS}",
)
EVERYWHERE = ("request.>", "volatile.>", "event.>", subjects.BROADCASTS, subjects.DEATHS)


def cluster_permissions(names: Iterable[ComponentName]) -> Permissions:
    """Of one user for the whole daemon; `names` has the supervisor, too."""
    inboxes = [f"{subjects.inbox(name)}.>" for name in sorted(names)]
    return Permissions(
        publish=(
            *ADMINISTRATION,
            *EVERYWHERE,
            subjects.DEAD_SUBJECTS,
            f"{subjects.ACKNOWLEDGE}.{subjects.EVENTS}.>",
            *inboxes,
        ),
        subscribe=(*EVERYWHERE, subjects.deliver(ComponentName("*")), *inboxes),
    )
