"""What is logged while tests run in this process: on standard output, as plain lines, tracebacks as Python writes them.

What structlog does by itself draws each error in colour with the values of all variables, which took longer than the
tests that cause errors on purpose.
"""

from __future__ import annotations

import structlog


def log_plainly() -> None:
    """Configure structlog so."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )
