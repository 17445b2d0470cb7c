# The part of xllamacpp that Senter uses; the package brings no types of its own.

from pydantic import JsonValue

class _CpuParams:
    n_threads: int

class _ModelParams:
    path: str

class _SamplingParams:
    min_p: float
    penalty_repeat: float
    penalty_last_n: int
    dry_multiplier: float
    dry_allowed_length: int
    dry_penalty_last_n: int

class CommonParams:
    model: _ModelParams
    sampling: _SamplingParams
    model_alias: set[str]
    hostnames: list[str]
    api_keys: list[str]
    n_parallel: int
    n_ctx: int
    n_batch: int
    n_ubatch: int
    n_threads_http: int
    no_extra_bufts: bool
    cache_ram_mib: int
    cpuparams: _CpuParams
    cpuparams_batch: _CpuParams
    fit_params: bool
    warmup: bool
    ui: bool
    endpoint_slots: bool
    verbosity: int

class Server:
    def __init__(self, params: CommonParams) -> None: ...
    def handle_completions(self, request: dict[str, JsonValue]) -> object: ...
