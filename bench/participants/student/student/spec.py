"""What the student declares."""

from __future__ import annotations

from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS
from senter.component.spec import ComponentSpec

SPEC = ComponentSpec(
    name="student",
    summary="Asks the research workers for one long text after the other, from SIGUSR1 on.",
    entry="student.component:Student",
    listens=MODEL_CLIENT_RECEIVES,
    sends=MODEL_CLIENT_SENDS,
    nice=10,
)
