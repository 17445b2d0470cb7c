"""llama.cpp's server in this process, by way of xllamacpp: its options, and how it begins.

xllamacpp is imported when a model is loaded, never before: it starts native threads, and workers are forked.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from senter.components.models.settings import PROMPT_CACHE_MIB
from senter.errors import ModelUnavailable

if TYPE_CHECKING:
    import xllamacpp

# A small model left to itself says one sentence over and over until its tokens are spent: of 24 answers to
# everyday questions 2 to 4 ended so, and none with these. MIN_P leaves out words far less likely than the best.
MIN_P = 0.15
REPEAT_PENALTY, REPEAT_TOKENS = 1.05, 256
PHRASE_PENALTY, PHRASE_LENGTH, PHRASE_TOKENS = 0.8, 3, 512


@dataclass(frozen=True, slots=True)
class ServerShape:
    """How large a server is to be, and how it uses the processor."""

    slots: int
    context_tokens: int
    """Of each slot."""
    batch_tokens: int
    """A prompt in progress cannot be interrupted; small batches let the next request in sooner."""
    reading_threads: int
    writing_threads: int
    spares_memory: bool
    """Weights are laid out a second time for this processor otherwise, which writes a little faster."""


def start_server(file: Path, name: str, socket: Path, key: str, shape: ServerShape) -> xllamacpp.Server:
    """Load the model. It would answer anyone, so it gets a key, and a socket, whose name ends in .sock, for a port.

    Raises `ModelUnavailable` for a file that it cannot read.
    """
    # Threads that spin while they wait would take the processor from everyone else.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.model_alias = {name}
    params.hostnames = [str(socket)]
    params.api_keys = [key]
    params.n_parallel = shape.slots
    params.n_ctx = shape.context_tokens * shape.slots
    params.n_batch = params.n_ubatch = shape.batch_tokens
    params.cpuparams.n_threads = shape.writing_threads
    params.cpuparams_batch.n_threads = shape.reading_threads
    params.no_extra_bufts = shape.spares_memory
    params.n_threads_http = shape.slots + 1
    params.cache_ram_mib = PROMPT_CACHE_MIB
    params.fit_params = params.warmup = params.ui = params.endpoint_slots = False
    params.verbosity = 0
    params.sampling.min_p = MIN_P
    params.sampling.penalty_repeat, params.sampling.penalty_last_n = REPEAT_PENALTY, REPEAT_TOKENS
    params.sampling.dry_multiplier, params.sampling.dry_allowed_length = PHRASE_PENALTY, PHRASE_LENGTH
    params.sampling.dry_penalty_last_n = PHRASE_TOKENS
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"The embedded model's file {file} cannot be loaded: it is damaged, or of a kind that is not supported.",
            "Set embedded_model to another GGUF file.",
        ) from error
