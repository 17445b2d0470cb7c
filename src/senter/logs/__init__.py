"""The logs: JSON lines, one file per process, and errors once more in health.log.

`writing` needs structlog; `reading` needs only the standard library, because `senter logs` must be quick.
"""
