"""The logs: JSON lines, one file per process, and errors once more in health.log.

Nothing is imported here: writing needs structlog and settings pydantic, while `senter.logs.reading` needs only the
standard library, because `senter logs` must be quick.
"""
