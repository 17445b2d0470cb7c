"""Write structured records: `log.info("query_answered", latency_seconds=1.2)`.

Records of libraries that use the standard `logging` go the same way, as the event `library_message`.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import cast

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from senter.clock import utc_now
from senter.logs.files import HEALTH_LOG, LARGEST_BYTES
from senter.logs.handlers import OwnFileHandler, SharedFileHandler
from senter.logs.records import stamp
from senter.masking import mask

_FIRST_FIELDS = ("timestamp", "level", "component", "event")
_BOOKKEEPING = ("_record", "_from_structlog", "_logger", "_name")


def configure(path: Path, level: str, component: str, *, largest_bytes: int = LARGEST_BYTES) -> BoundLogger:
    """Send this process's records to `path`, and errors also to health.log beside it.

    Call it again after a fork: what was inherited is closed, on this side only.
    """
    formatter = ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, _as_library_message],
        processors=[
            _stamp(component),
            structlog.processors.format_exc_info,
            _finish,
            structlog.processors.JSONRenderer(),
        ],
    )
    errors = SharedFileHandler(path.with_name(f"{HEALTH_LOG}.log"), largest_bytes)
    errors.setLevel(logging.ERROR)
    _replace_handlers([OwnFileHandler(path, largest_bytes), errors], formatter, level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    return structlog.stdlib.get_logger(f"senter.{component}")


def _replace_handlers(handlers: list[logging.Handler], formatter: logging.Formatter, level: str) -> None:
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old, OwnFileHandler | SharedFileHandler):
            root.removeHandler(old)
            old.close()
    for handler in handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    root.setLevel(level.upper())
    logging.captureWarnings(capture=True)


def _stamp(component: str) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = stamp(utc_now())
        event["component"] = component
        event["pid"] = os.getpid()
        return event

    return add


def _as_library_message(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record = cast("logging.LogRecord", event["_record"])
    event["message"] = event["event"]
    event["logger"] = record.name
    event["event"] = "library_message"
    return event


def _finish(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the traceback, hide secrets, put the fields every record has first."""
    if exception := event.pop("exception", None):
        event["traceback"] = exception
    shown = {name: mask(name, value) for name, value in event.items() if name not in _BOOKKEEPING}
    return {name: shown.pop(name, "") for name in _FIRST_FIELDS} | shown
