"""How much memory a worker may take with its embedded model: it follows from the file, not from a fixed limit.

The file is mapped, and its weights may be laid out a second time for the processor; each slot's context takes
two vectors for each layer and token. A worker that had less than this would be ended in mid-answer, every time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from senter.component.spec import ComponentSettings
from senter.components.models.gguf import candidate_files
from senter.components.models.settings import PROMPT_CACHE_MIB, ModelSettings
from senter.weights.gguf_file import Fact, facts, parts

MIB = 1024 * 1024
WEIGHTS_FACTOR = 1.8
PROCESS_MIB = 256
"""The process itself, and what the model computes in."""
UNKNOWN_TOKEN_BYTES = 256 * 1024
"""A token of context where the file does not say: more than most models take."""
NUMBER_BYTES = 2
_WANTED = frozenset(
    ("block_count", "embedding_length", "attention.head_count", "attention.head_count_kv", "attention.key_length")
)


def memory_limit_mb(settings: ComponentSettings) -> int:
    """What the worker may use, in MiB: what the file needs where the default is less. Looks at the file."""
    assert isinstance(settings, ModelSettings)
    files = candidate_files(settings) if settings.embedded else ()
    file = next((file for file in files if file.exists()), None)
    return max(settings.max_memory_mb, needed_mb(file, settings) if file else 0)


def needed_mb(file: Path, settings: ModelSettings, laid_out: float = WEIGHTS_FACTOR) -> int:
    """What the file takes, in MiB, with its weights in memory `laid_out` times; 0 where it is not there."""
    try:
        size_bytes = sum(part.stat().st_size for part in parts(file))
        stamp = file.stat().st_mtime_ns
    except OSError:
        return 0
    context_bytes = settings.context_tokens * settings.slots * _token_bytes(file, stamp, size_bytes)
    return round((laid_out * size_bytes + context_bytes) / MIB) + PROMPT_CACHE_MIB + PROCESS_MIB


@lru_cache(maxsize=8)
def _token_bytes(file: Path, stamp: int, size_bytes: int) -> int:
    """One token of context in one slot. The stamp and the size tell one content of the file from the next."""
    found = facts(file, _WANTED)
    layers, width, heads = (_count(found, name) for name in ("block_count", "embedding_length", "attention.head_count"))
    if not (layers and width and heads):
        return UNKNOWN_TOKEN_BYTES
    kept = _count(found, "attention.head_count_kv") or heads
    return 2 * NUMBER_BYTES * layers * kept * (_count(found, "attention.key_length") or width // heads)


def _count(found: dict[str, Fact], name: str) -> int:
    value = found.get(name, 0)
    return value if isinstance(value, int) else 0
