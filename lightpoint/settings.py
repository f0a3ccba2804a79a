"""Settings of every kind of installation. They differ by environment variables only; .env.example lists them."""

import os
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any

import environ

from lightpoint import embedded, menu
from lightpoint.telemetry import logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def _kept_secret(name: str) -> str:
    """A random secret of this checkout, made at first use and readable by its owner only."""
    path = VAR_DIR / name
    VAR_DIR.mkdir(exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


# Web

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret("secret-key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "lightpoint.urls"
WSGI_APPLICATION = "lightpoint.wsgi.application"
ASGI_APPLICATION = "lightpoint.asgi.application"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Cookies and redirects are for HTTPS unless INSECURE_HTTP says that the site is only reached on this machine.
INSECURE_HTTP = env.bool("INSECURE_HTTP", default=False)
SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 60 * 60)
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "lightpoint",  # whose templates come before those of the packages
    "unfold.apps.BasicAppConfig",
    "users",
    "knowledge",
    "complaints",
    "letters",
    "tickets",
    "users.apps.SiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "lightpoint.telemetry.middleware.RequestIdMiddleware",
    "lightpoint.telemetry.probes.ProbesMiddleware",
    "lightpoint.problems.ApiProblems",
    "lightpoint.pages.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lightpoint.telemetry.middleware.TimingMiddleware",
    "lightpoint.pages.BodyLimit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lightpoint.ratelimit.RateLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lightpoint.pages.PageProblems",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True  # the files of the installed packages are served as they are, without a build

# Database

DATABASE_TIMEOUT_MS = env.int("DATABASE_TIMEOUT_MS", default=60_000)
DATABASE_LOCK_TIMEOUT_MS = env.int("DATABASE_LOCK_TIMEOUT_MS", default=10_000)
DATABASE_POOL_SIZE = env.int("DATABASE_POOL_SIZE", default=0)  # 0: no pool, as commands want it; servers set it
DATABASE_POOL_WAIT_SECONDS = env.int("DATABASE_POOL_WAIT_SECONDS", default=10)

_DATABASE_OPTIONS: dict[str, object] = {
    "connect_timeout": env.int("DATABASE_CONNECT_SECONDS", default=5),
    "options": (
        f"-c statement_timeout={DATABASE_TIMEOUT_MS} -c lock_timeout={DATABASE_LOCK_TIMEOUT_MS} "
        f"-c idle_in_transaction_session_timeout={DATABASE_TIMEOUT_MS}"
    ),
}
if DATABASE_POOL_SIZE:
    _DATABASE_OPTIONS["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL_SIZE,
        "timeout": DATABASE_POOL_WAIT_SECONDS,
        "max_lifetime": 3600,
    }


def _database() -> dict[str, Any]:
    """The server that DATABASE_URL names, or this checkout's own."""
    if env.str("DATABASE_URL", default=""):
        named = env.db("DATABASE_URL")
        owner = env.db("DATABASE_OWNER_URL") if env.str("DATABASE_OWNER_URL", default="") else {}
        keys = ("USER", "PASSWORD", "HOST", "PORT")
        return {**named, "OWNER": {key: owner[key] for key in keys if owner}}
    return {
        "NAME": embedded.DATABASE,
        "USER": embedded.APP,
        "HOST": str(embedded.postgres().place.sockets),
        "OWNER": {"USER": embedded.OWNER},
        "EMBEDDED": True,
    }


_named = _database()
DATABASES = {
    "default": {
        **_named,
        "ENGINE": "lightpoint.database",
        "OPTIONS": {**_named.get("OPTIONS", {}), **_DATABASE_OPTIONS},
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": f"test_lightpoint_{os.getpid()}"},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL or f"unix://{embedded.redis().socket}",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": env.float("REDIS_CONNECT_SECONDS", default=0.5),
            "SOCKET_TIMEOUT": env.float("REDIS_SECONDS", default=0.5),
            "CONNECTION_POOL_CLASS": f"lightpoint.cache.{'NamedPool' if REDIS_URL else 'EmbeddedPool'}",
            "IGNORE_EXCEPTIONS": True,  # what a package keeps here is missing without Redis, and nothing breaks
        },
    },
}
# Streams of events: what is kept of a log for clients that come back, and how long a stream lasts.
EVENTS_KEPT = env.int("EVENTS_KEPT", default=1_000)  # events of a case
EVENTS_KEPT_HOURS = env.int("EVENTS_KEPT_HOURS", default=24)
EVENTS_STREAMS = env.int("EVENTS_STREAMS", default=1_000)  # open at once, of a process; more get the state alone
EVENTS_STREAM_SECONDS = env.int("EVENTS_STREAM_SECONDS", default=900)  # then a client asks again, and is known again
EVENTS_HEARTBEAT_SECONDS = env.float("EVENTS_HEARTBEAT_SECONDS", default=10.0)  # pages ask instead after 15 without any
EVENTS_RETRY_MS = env.int("EVENTS_RETRY_MS", default=2_000)  # until a browser asks again
EVENTS_REDIS_SECONDS = env.float("EVENTS_REDIS_SECONDS", default=2.0)
REDIS_BREAK_SECONDS = env.float("REDIS_BREAK_SECONDS", default=5.0)  # how long a silent Redis is left alone
CACHE_MAX_BYTES = env.int("CACHE_MAX_BYTES", default=1_000_000)  # a larger value is computed at each call
CACHE_LEASE_SECONDS = env.float("CACHE_LEASE_SECONDS", default=2.0)  # how long after its death a caller blocks others
CACHE_WAIT_SECONDS = env.float("CACHE_WAIT_SECONDS", default=10.0)  # for the value that another caller computes
CACHE_COMPUTE_SECONDS = env.float("CACHE_COMPUTE_SECONDS", default=60.0)  # a computation that takes longer is alone
CACHE_BUMPS_DIR = Path(env.str("CACHE_BUMPS_DIR", default=str(VAR_DIR / "cache-bumps")))
CACHE_NAMESPACE = env.str("CACHE_NAMESPACE", default="lightpoint")  # begins every key of ours in Redis
ANSWERS_JUDGE = env.bool("ANSWERS_JUDGE", default=False)  # whether a model may judge that two questions are the same

# Rate limits: how many in how long ("60/m", "10/10s", "5/15m"; empty: no limit), whose requests are counted together
# (user, key, practice, address), and without Redis: allow, refuse or local (each process counts its own).


def _limit(name: str, rate: str, per: str, without_redis: str) -> dict[str, str]:
    variable = "RATE_LIMIT_" + name.upper().replace("-", "_")
    return {
        "rate": env.str(variable, default=rate),
        "per": env.str(f"{variable}_PER", default=per),
        "without_redis": env.str(f"{variable}_WITHOUT_REDIS", default=without_redis),
    }


RATE_LIMITS = {
    "user": _limit("user", "60/m", "user", "allow"),
    "practice": _limit("practice", "1200/m", "practice", "allow"),
    "address": _limit("address", "600/m", "address", "allow"),  # requests that come without a session
    "api": _limit("api", "10/10s", "key", "local"),
    "letters": _limit("letters", "10/h", "user", "local"),
    "changes": _limit("changes", "40/h", "user", "local"),  # of sections of letters
    "uploads": _limit("uploads", "30/h", "user", "local"),
    "chat": _limit("chat", "30/10m", "user", "local"),
    "assistant": _limit("assistant", "60/m", "key", "local"),
    "sign-in": _limit("sign-in", "5/15m", "address", "local"),
}
RATE_LIMIT_EXEMPT = env.list("RATE_LIMIT_EXEMPT", default=["/static/", "/healthz", "/readyz", "/metrics"])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies add to X-Forwarded-For before us

# People

AUTH_USER_MODEL = "users.User"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")  # how links in e-mails begin
INVITATION_HOURS = env.int("INVITATION_HOURS", default=7 * 24)
DEACTIVATION_SERVICE = "complaints.services.deactivate_colleague"  # of the topmost app that has work to hand over
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_RESET_HOURS", default=4) * 3600
API_KEY_GRACE_SECONDS = env.int("API_KEY_GRACE_SECONDS", default=0)
API_KEYS_PER_USER = env.int("API_KEYS_PER_USER", default=20)

# E-mail: written to the console until a server is named

EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_TLS", default=True)
EMAIL_TIMEOUT = env.int("EMAIL_SECONDS", default=10)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="Lightpoint <no-reply@localhost>")

# Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

# API

API_PAGE_SIZE = env.int("API_PAGE_SIZE", default=50)
API_MAX_PAGE_SIZE = env.int("API_MAX_PAGE_SIZE", default=200)
IDEMPOTENCY_STORE = "users.idempotency.DatabaseStore"
IDEMPOTENCY_HOURS = env.int("IDEMPOTENCY_HOURS", default=24)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["users.permissions.RolePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["lightpoint.rest.parsing.StrictJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "lightpoint.problems.problem_response",
    "DEFAULT_SCHEMA_CLASS": "lightpoint.rest.schema.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is a parameter like any other, and no view has it
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lightpoint",
    "VERSION": "1.0.0",
    "DESCRIPTION": "From a bundle of letters to an evidenced complaint to HMRC. Errors are problem details (RFC 9457).",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "users.api.people.ROLES",
        "ScopeEnum": "users.roles.SCOPES",
        "TicketStatusEnum": "tickets.models.Ticket.Status",
        "SentenceStatusEnum": "letters.models.Sentence.Status",
        "SentenceKindEnum": "letters.models.Sentence.Kind",
        "LetterStateEnum": "letters.models.Letter.State",
        "VersionStateEnum": "letters.status.VERSION_STATES",
        "ClientKindEnum": "complaints.models.Client.Kind",
        "ComplaintStatusEnum": "complaints.models.Complaint.Status",
        "DocumentStatusEnum": "complaints.api.shapes.DOCUMENT_STATES",
        "ReferenceKindEnum": "complaints.api.shapes.REFERENCE_KINDS",
        "ArmPipelineEnum": "letters.models.experiments.PIPELINES",
        "RunKindEnum": "complaints.models.CaseRun.Kind",
        "SourceKindEnum": "knowledge.models.guidance.KINDS",
        "DeliveryStateEnum": "users.models.WebhookDelivery.State",
        "StagedStateEnum": "knowledge.models.staging.STATES",
        "StagedFindingEnum": "knowledge.models.staging.FINDINGS",
        "StagingDecisionEnum": "knowledge.staging_status.DECISIONS",
        "FigureKindEnum": "knowledge.api.shapes.FIGURE_KINDS",
        "PieceKindEnum": "knowledge.api.shapes.PIECE_KINDS",
        "RunStateEnum": "complaints.models.CaseRun.State",
        "SpeakerEnum": "knowledge.models.chat.SPEAKERS",
        "MessageStateEnum": "knowledge.models.chat.MESSAGE_STATES",
    },
}

# Limits on uploads. A document over one of them is kept with a stated problem; the others go on.

BUNDLE_MAX_DOCUMENTS = env.int("BUNDLE_MAX_DOCUMENTS", default=200)
DOCUMENT_MAX_BYTES = env.int("DOCUMENT_MAX_BYTES", default=40 * 2**20)
DOCUMENT_LIMITS = {  # the fields of complaints.documents.Limits, which says what each one bounds
    "file_bytes": DOCUMENT_MAX_BYTES,
    "pages": env.int("DOCUMENT_MAX_PAGES", default=400),
    "page_characters": env.int("DOCUMENT_MAX_PAGE_CHARACTERS", default=60_000),
    "text_characters": env.int("DOCUMENT_MAX_CHARACTERS", default=8_000_000),
    "ocr_pages": env.int("DOCUMENT_MAX_OCR_PAGES", default=40),
    "ocr_pixels": env.int("DOCUMENT_MAX_OCR_PIXELS", default=9_000_000),
    "image_pixels": env.int("DOCUMENT_MAX_IMAGE_PIXELS", default=120_000_000),
    "zip_entries": env.int("DOCUMENT_MAX_ENTRIES", default=2_000),
    "zip_ratio": env.int("DOCUMENT_MAX_RATIO", default=150),
    "uncompressed_bytes": env.int("DOCUMENT_MAX_UNPACKED_BYTES", default=200 * 2**20),
    "spreadsheet_rows": env.int("DOCUMENT_MAX_ROWS", default=50_000),
    "email_depth": env.int("DOCUMENT_MAX_EMAIL_DEPTH", default=4),
    "email_attachments": env.int("DOCUMENT_MAX_ATTACHMENTS", default=60),
    "seconds": env.float("DOCUMENT_MAX_SECONDS", default=300.0),
    "memory_mb": env.int("DOCUMENT_MAX_MEMORY_MB", default=1_150),
}
STAGING_FILE_BYTES = env.int("STAGING_FILE_BYTES", default=10 * 2**20)  # a file of guidance that waits for a decision
STAGING_UPLOAD_BYTES = env.int("STAGING_UPLOAD_BYTES", default=40 * 2**20)  # all of them in one request
STAGING_FILES = env.int("STAGING_FILES", default=20)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=100 * 2**20)  # all files of one request
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("REQUEST_MAX_BYTES", default=5_000_000)
REQUEST_READ_SECONDS = env.float("REQUEST_READ_SECONDS", default=60.0)  # for the next piece of a body
DATA_UPLOAD_MAX_NUMBER_FIELDS = env.int("REQUEST_MAX_FIELDS", default=1_000)
DATA_UPLOAD_MAX_NUMBER_FILES = env.int("REQUEST_MAX_FILES", default=50)

# Chat

CHAT_WINDOW_TOKENS = env.int("CHAT_WINDOW_TOKENS", default=3_000)  # system text, facts, turns and question of a prompt
CHAT_PASSAGE_TOKENS = env.int("CHAT_PASSAGE_TOKENS", default=3_000)  # the sources beside them
CHAT_LEAST_ANSWERABLE = env.float("CHAT_LEAST_ANSWERABLE", default=0.35)  # below it, from 0 to 1, the chat declines
CHAT_ANSWER_SECONDS = env.int("CHAT_ANSWER_SECONDS", default=120)  # an answer that takes longer counts as left
CHAT_MODEL_SECONDS = env.float("CHAT_MODEL_SECONDS", default=45.0)  # for a whole answer; less than DATABASE_TIMEOUT_MS
CHAT_HEARTBEAT_SECONDS = env.float("CHAT_HEARTBEAT_SECONDS", default=10.0)  # between signs of life in a stream

# Jobs

RUN_MAX_ATTEMPTS = env.int("RUN_MAX_ATTEMPTS", default=3)
RUN_RETRY_SECONDS = env.int("RUN_RETRY_SECONDS", default=5)
RUN_TURN_SECONDS = env.float("RUN_TURN_SECONDS", default=2.0)  # until a run that waits for its turn asks again
RUN_WATCH_SECONDS = env.float("RUN_WATCH_SECONDS", default=1.0)  # between two looks whether a run was cancelled
RUNS_PER_PRACTICE = env.int("RUNS_PER_PRACTICE", default=3)  # at work at the same time; more of them wait
JOB_STALLED_SECONDS = env.int("JOB_STALLED_SECONDS", default=60)  # without a heartbeat of the worker
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", default=10.0)  # between two of them
JOB_CHECK_CRON = env.str(
    "JOB_CHECK_CRON", default="* * * * *"
)  # when stalled jobs are looked for; a sixth field: seconds
JOB_POLL_SECONDS = env.float("JOB_POLL_SECONDS", default=5.0)  # for a new job whose notice was lost
RUN_SILENT_SECONDS = env.int("RUN_SILENT_SECONDS", default=900)  # longer than any step: then nobody is at the run
JOB_KEPT_HOURS = env.int("JOB_KEPT_HOURS", default=72)  # after its end
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)

# Webhooks of practices

WEBHOOKS_PER_PRACTICE = env.int("WEBHOOKS_PER_PRACTICE", default=5)
WEBHOOK_ATTEMPTS = env.int("WEBHOOK_ATTEMPTS", default=6)  # of a message: after 0, 0.5, 2, 8, 32 and 128 minutes more
WEBHOOK_FAILURES = env.int("WEBHOOK_FAILURES", default=24)  # tries that fail in a row: then the address is disabled
WEBHOOK_SECONDS = env.float("WEBHOOK_SECONDS", default=10.0)  # for a try
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)  # plain HTTP and this network: for trying out

# Guidance from GOV.UK's content API
GOVUK_PAUSE_SECONDS = env.float("GOVUK_PAUSE_SECONDS", default=1.0)  # between two requests; one runs at a time
GOVUK_TIMEOUT_SECONDS = env.float("GOVUK_TIMEOUT_SECONDS", default=20.0)

# Admin

UNFOLD = menu.UNFOLD
DASHBOARD = [  # what the apps show on it
    "complaints.views.dashboard.parts",
    "letters.views.dashboard.parts",
    "tickets.dashboard.parts",
]

# Embeddings: of the embedded model, or of the OpenAI-compatible endpoint that EMBEDDING_URL names

EMBEDDING_URL = env.str("EMBEDDING_URL", default="")
EMBEDDING_MODEL = env.str("EMBEDDING_MODEL", default="text-embedding-3-small")
EMBEDDING_VERSION = env.str("EMBEDDING_VERSION", default="1")  # part of every key: change it, and all is bought anew
EMBEDDING_API_KEY = env.str("EMBEDDING_API_KEY", default="")
EMBEDDING_SECONDS = env.float("EMBEDDING_SECONDS", default=20.0)  # one call of the endpoint, with its retries
EMBEDDING_WAIT_SECONDS = env.float("EMBEDDING_WAIT_SECONDS", default=60.0)  # for a vector, the queue included
EMBEDDING_GATHER_MS = env.float("EMBEDDING_GATHER_MS", default=10.0)  # callers within it share one call
EMBEDDING_MAX_BATCH = env.int("EMBEDDING_MAX_BATCH", default=64)  # texts of one call
EMBEDDING_MAX_WAITING = env.int("EMBEDDING_MAX_WAITING", default=4_096)  # texts in line; more wait outside
EMBEDDING_CACHE_HOURS = env.int("EMBEDDING_CACHE_HOURS", default=7 * 24)  # in Redis; in PostgreSQL they stay

# Language models: any OpenAI-compatible endpoint. Without a key none is asked.

LLM_API_KEY = env.str("LLM_API_KEY", default="")
LLM_BASE_URL = env.str("LLM_BASE_URL", default="https://openrouter.ai/api/v1")
LLM_MODEL_FAST = env.str("LLM_MODEL_FAST", default="anthropic/claude-haiku-4.5")
LLM_MODEL_BALANCED = env.str("LLM_MODEL_BALANCED", default="anthropic/claude-sonnet-4.5")
LLM_MODEL_BEST = env.str("LLM_MODEL_BEST", default="anthropic/claude-opus-4.1")
LLM_DEADLINE_SECONDS = env.float("LLM_DEADLINE_SECONDS", default=60.0)  # a whole answer, from the call to its last word
LLM_LEAST_TOKENS_PER_SECOND = env.float("LLM_LEAST_TOKENS_PER_SECOND", default=20.0)  # of a long answer of a letter
LLM_RETRIES = env.int("LLM_RETRIES", default=2)  # of one answer, before its first word
LLM_RETRY_SHARE = env.float("LLM_RETRY_SHARE", default=0.1)  # of the calls of a process; fallbacks count too
LLM_RETRY_FLOOR = env.int("LLM_RETRY_FLOOR", default=3)  # retries that there are when calls are few
LLM_RETRY_WINDOW_SECONDS = env.float("LLM_RETRY_WINDOW_SECONDS", default=60.0)
LLM_BREAKER_FAILURES = env.int("LLM_BREAKER_FAILURES", default=5)  # within the window: the model is left alone
LLM_BREAKER_WINDOW_SECONDS = env.float("LLM_BREAKER_WINDOW_SECONDS", default=30.0)
LLM_BREAKER_OPEN_SECONDS = env.float("LLM_BREAKER_OPEN_SECONDS", default=30.0)  # until one call tries it again
LLM_FALLBACK_FAST = env.str("LLM_FALLBACK_FAST", default="")  # asked instead where the tier's model fails
LLM_FALLBACK_BALANCED = env.str("LLM_FALLBACK_BALANCED", default="")
LLM_FALLBACK_BEST = env.str("LLM_FALLBACK_BEST", default="")
# Models, by the start of their names, that cache a prefix where they are told to; others do by themselves, or never.
LLM_CACHE_MARKS = env.list("LLM_CACHE_MARKS", default=["anthropic/"])
LLM_PRICES = env.json("LLM_PRICES", default={})  # US dollars a million tokens, by model, before the list that ships
LLM_ROUTES = env.json("LLM_ROUTES", default={})  # the tier by stage, instead of the routing's own
LLM_OFFERED = env.json("LLM_OFFERED", default={})  # lists of models by tier that practices may choose, beside its own
LLM_ALLOW_UNPRICED = env.bool("LLM_ALLOW_UNPRICED", default=False)  # calls of models that nobody knows the price of
LLM_RESERVATION_SECONDS = env.int("LLM_RESERVATION_SECONDS", default=900)  # longer than any call: then it is lost


def _cap(level: str, period: str, default: str) -> Decimal | None:
    """What the models may cost, in US dollars, whoever has no budget of their own; empty: no bound."""
    given = env.str(f"LLM_CAP_{level}_{period}".upper(), default=default)
    return Decimal(given) if given else None


LLM_CAPS = {
    "user-day": _cap("user", "day", "25"),
    "user-month": _cap("user", "month", ""),
    "practice-day": _cap("practice", "day", "100"),
    "practice-month": _cap("practice", "month", "1000"),
    "platform-day": _cap("platform", "day", ""),
    "platform-month": _cap("platform", "month", ""),
}

# Letters that models help to write

LETTER_DEADLINE_SECONDS = env.float("LETTER_DEADLINE_SECONDS", default=240.0)  # all calls of one drafting together
LETTER_CALLS_AT_ONCE = env.int("LETTER_CALLS_AT_ONCE", default=8)  # of one drafting
LETTER_REQUEST_CHARACTERS = env.int("LETTER_REQUEST_CHARACTERS", default=600)  # of a change that is asked for
PROMPT_MAX_CHARACTERS = env.int("PROMPT_MAX_CHARACTERS", default=6_000)  # of a practice's own words for a stage
PROMPT_GOLDEN_CASE = Path(env.str("PROMPT_GOLDEN_CASE", default=str(BASE_DIR / "samples" / "cgt-repayment-withheld")))
PROMPT_MOST_REPLACED = env.float("PROMPT_MOST_REPLACED", default=0.2)  # share of sections, of a test that passes
EXPERIMENT_REGENERATION_DAYS = env.int("EXPERIMENT_REGENERATION_DAYS", default=14)  # for people to do what is measured
EXPERIMENT_QUALITY_DAYS = env.int("EXPERIMENT_QUALITY_DAYS", default=90)  # of drafts by which pipelines are compared
EXPERIMENT_LEAST_DRAFTS = env.int("EXPERIMENT_LEAST_DRAFTS", default=20)  # of each, before two_stage may be offered
LETTER_NOTE_CHARACTERS = env.int("LETTER_NOTE_CHARACTERS", default=8_000)  # of a paper, of which a note is taken

# Logs and errors

LOGGING = logs.configuration(
    as_json=env.bool("LOG_JSON", default=False),
    level=env.str("LOG_LEVEL", default="WARNING"),
    with_messages=DEBUG,
)

TELEMETRY_DIR = Path(env.str("TELEMETRY_DIR", default=str(VAR_DIR / "telemetry")))  # one for all processes of a site
TELEMETRY_RING_BYTES = env.int("TELEMETRY_RING_BYTES", default=4_000_000)  # twice that for each kind of record
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=200)
SLOW_REQUEST_MS = env.int("SLOW_REQUEST_MS", default=1_000)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(TELEMETRY_DIR / "metrics"))  # read when it is first imported

READY_TIMEOUT_MS = env.int("READY_TIMEOUT_MS", default=2_000)  # how long /readyz waits for database and Redis
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # what /metrics asks of those who are not on this machine

SENTRY_DSN = env.str("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.str("SENTRY_ENVIRONMENT", default="production")
SENTRY_TRACES_RATE = env.float("SENTRY_TRACES_RATE", default=0.0)  # the share of requests whose timing is sent
RELEASE = env.str("RELEASE", default="1.0.0")
ERROR_GROUPS = {  # by the module of an error's class, else by those of ours that it came through
    "database": ("django.db.", "psycopg.", "psycopg_pool.", "lightpoint.database."),
    "model": ("lightpoint.llm.", "knowledge.embeddings.", "openai."),
    "parsing": ("complaints.documents.",),
}
