"""Settings of the model workers: `models.primary` and `models.research`."""

from __future__ import annotations

from ipaddress import ip_address
from typing import ClassVar, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from senter.component.spec import ComponentSettings

PRIMARY_PROMPT = (
    "You are Senter, a personal assistant made by the Senter project. You run on your owner's own machine. "
    "Answer in one to three short sentences, unless more is asked for. Be friendly and helpful. "
    "When you do not know something, say so instead of guessing."
)
PROMPT_CACHE_MIB = 64
RESEARCH_PROMPT = (
    "You are Senter's research assistant, made by the Senter project. Be thorough but concise: give facts and key "
    "insights, and say what is uncertain."
)


class ModelSettings(ComponentSettings):
    """What both model workers have."""

    person_waits: ClassVar[bool] = True

    max_memory_mb: int = Field(default=1_024, ge=32)
    """Restart it when its memory passes this, in MiB; where it is not set, what the embedded model needs if more."""
    url: str = ""
    """An OpenAI-compatible endpoint, such as https://host/v1 or unix:///path/to.sock; empty uses the links below."""
    name: str = ""
    """The model to ask for; empty takes llama3.2 on Ollama where it is listed, else the first model listed."""
    api_key: SecretStr = SecretStr("")
    """Sent to `url` as a bearer token; never shown or logged."""
    temperature: float = Field(default=0.2, ge=0, le=2)
    """How freely the model chooses its words, 0 to 2; the less, the more it keeps to facts."""
    system_prompt: str = PRIMARY_PROMPT
    """Put before every chat."""
    max_tokens: int = Field(default=500, ge=1, le=100_000)
    """The longest answer, in tokens."""
    prompt_tokens: int = Field(default=2_000, ge=100, le=1_000_000)
    """The longest prompt to expect, in tokens."""
    context_tokens: int = Field(default=2_560, ge=256, le=1_100_000)
    """Context of each slot of the embedded model, in tokens; prompt and answer must fit in it together."""
    slots: int = Field(default=2, ge=1, le=64)
    """Requests answered at the same time; each slot of the embedded model has a context of its own."""
    queue_limit: int = Field(default=100, ge=1, le=1_000)
    """Requests that may wait for a slot; one more is refused at once."""
    capability: Literal["auto", "basic", "structured", "capable"] = "auto"
    """What the model may be trusted with: talk, short JSON, or plans and tools; auto goes by its exam or its family."""
    exam: Literal["auto", "always", "never"] = "auto"
    """Whether an unknown model is examined while nobody asks anything: auto asks no endpoint that may cost money."""
    use_ollama: bool = True
    """Whether to use Ollama when it answers and no `url` is set."""
    ollama_url: str = "http://127.0.0.1:11434"
    """Where Ollama listens; on this machine only (use `url` for another)."""
    embedded: bool = True
    """Whether the embedded model may answer."""
    embedded_model: str = ""
    """A GGUF file, or a name of the catalogue, which goes before Ollama; empty takes the default model, and until it is
    here the one installed. Without one of its own, research takes primary's."""
    timezone: str = ""
    """The zone of the day and time that the model is told; empty takes user.timezone."""
    folder: str = ""
    """The cache of model files; empty takes that of section `models`."""
    load_at_start: bool = True
    """Whether the embedded model, where it is the one to be used, is loaded at the start or at the first request."""
    threads: int = Field(default=0, ge=0, le=256)
    """Processor threads of the embedded model; 0 takes as many as were measured to be best."""
    spare_memory: Literal["auto", "yes", "no"] = "auto"
    """Whether the embedded model takes less memory and writes a little slower; auto does with 8 GB or less."""
    unload_minutes: float = Field(default=15.0, ge=0, le=525_600)
    """The embedded model's memory is given back after so many minutes without a question; 0 keeps it loaded."""
    connect_timeout_seconds: float = Field(default=3.0, gt=0, le=60)
    """How long an endpoint may take to accept a connection, in seconds."""
    first_token_timeout_seconds: float = Field(default=60.0, gt=0, le=3_600)
    """How long an endpoint may be silent, before its answer or within it, in seconds; not the embedded model."""
    answer_timeout_seconds: float = Field(default=300.0, gt=0, le=86_400)
    """How long one answer may take in all, in seconds; the embedded model's follows from its speed."""
    breaker_failures: int = Field(default=5, ge=1, le=1_000)
    """Consecutive failures after which an endpoint is left alone."""
    breaker_wait_seconds: float = Field(default=60.0, gt=0, le=86_400)
    """How long it is left alone before one trial, in seconds."""

    @field_validator("api_key")
    @classmethod
    def _key_fits_a_header(cls, key: SecretStr) -> SecretStr:
        text = key.get_secret_value()
        if not (text.isascii() and all(32 < ord(letter) < 127 for letter in text)):
            raise ValueError("must be printable ASCII without spaces")
        return key

    @field_validator("url")
    @classmethod
    def _url_can_be_reached(cls, url: str) -> str:
        if url and not url.startswith("unix:///"):
            _web_address(url)
        return url.rstrip("/")

    @field_validator("ollama_url")
    @classmethod
    def _ollama_is_on_this_machine(cls, url: str) -> str:
        if not is_loopback(_web_address(url).hostname or ""):
            raise ValueError("must be on this machine, such as http://127.0.0.1:11434; use url for another machine")
        return url.rstrip("/")

    @property
    def chose_embedded(self) -> bool:
        """Whether a person chose an embedded model: it goes before an Ollama that happens to run."""
        return bool(self.embedded and self.embedded_model and not self.name)

    @model_validator(mode="after")
    def _budgets_fit(self) -> Self:
        if self.prompt_tokens + self.max_tokens > self.context_tokens:
            raise ValueError(
                f"prompt_tokens ({self.prompt_tokens}) and max_tokens ({self.max_tokens}) "
                f"must fit in context_tokens ({self.context_tokens}) together"
            )
        return self


class PrimarySettings(ModelSettings):
    """Settings of the worker that answers people."""


class ResearchSettings(ModelSettings):
    """Settings of the workers that do background work."""

    person_waits: ClassVar[bool] = False

    count: int = Field(default=1, ge=1, le=99)
    """How many research workers to run; the least busy gets the next request."""
    yield_seconds: float = Field(default=180.0, ge=0, le=3_600)
    """How long, in all, a background request gives way to people's: begins later, or is ended and begun anew."""
    url: str = ""
    """As `models.primary.url`, which is taken with its name and key where this is not set; set to empty, none is."""
    name: str = ""
    """As `models.primary.name`, which is taken where neither this nor `url` is set."""
    api_key: SecretStr = SecretStr("")
    """As `models.primary.api_key`, which is taken where neither this nor `url` is set."""
    system_prompt: str = RESEARCH_PROMPT
    """Put before every chat."""
    max_tokens: int = Field(default=2_000, ge=1, le=100_000)
    """The longest answer, in tokens."""
    context_tokens: int = Field(default=4_096, ge=256, le=1_100_000)
    """Context of each slot of the embedded model, in tokens; prompt and answer must fit in it together."""
    slots: int = Field(default=1, ge=1, le=64)
    """Requests answered at the same time; each slot of the embedded model has a context of its own."""
    load_at_start: bool = False
    """Whether the embedded model, where it is the one to be used, is loaded at the start or at the first request."""
    spare_memory: Literal["auto", "yes", "no"] = "yes"
    """Whether the embedded model takes less memory and writes a little slower; auto does with 8 GB or less."""


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_local(url: str) -> bool:
    """Whether an endpoint can only be on this machine or in its own network."""
    host = urlsplit(url).hostname or ""
    if url.startswith("unix:") or is_loopback(host) or host.endswith((".local", ".lan", ".home.arpa")):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


def _web_address(url: str) -> SplitResult:
    """`url` in its parts. Raises `ValueError` with a sentence when it is no HTTP address."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"is not an address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must begin with http://, https:// or unix:/// and name a host or socket")
    if parts.username or parts.password:
        raise ValueError("must not hold a user or password; put the key in api_key")
    if parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("must be a plain address without spaces, query or fragment")
    return parts
