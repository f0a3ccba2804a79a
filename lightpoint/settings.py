"""Settings of every kind of installation. They differ by environment variables only; .env.example lists them."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ
import structlog

from lightpoint import embedded

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
    "unfold",
    "lightpoint",
    "users",
    "knowledge",
    "complaints",
    "letters",
    "tickets",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
            "SOCKET_CONNECT_TIMEOUT": env.int("REDIS_CONNECT_SECONDS", default=2),
            "SOCKET_TIMEOUT": env.int("REDIS_SECONDS", default=2),
            **({} if REDIS_URL else {"CONNECTION_POOL_CLASS": "lightpoint.cache.EmbeddedPool"}),
        },
    },
}

# People

AUTH_USER_MODEL = "users.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Language and time

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

# API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["users.permissions.RolePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "lightpoint.problems.problem_response",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": env.int("API_PAGE_SIZE", default=50),
}
SPECTACULAR_SETTINGS = {"TITLE": "Lightpoint", "VERSION": "0.1.0", "SERVE_INCLUDE_SCHEMA": False}
SPECTACULAR_SETTINGS["SERVE_PERMISSIONS"] = ["rest_framework.permissions.IsAuthenticated"]

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
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("REQUEST_MAX_BYTES", default=5_000_000)
DATA_UPLOAD_MAX_NUMBER_FIELDS = env.int("REQUEST_MAX_FIELDS", default=1_000)
DATA_UPLOAD_MAX_NUMBER_FILES = env.int("REQUEST_MAX_FILES", default=50)

# Jobs

RUN_MAX_ATTEMPTS = env.int("RUN_MAX_ATTEMPTS", default=3)
RUN_RETRY_SECONDS = env.int("RUN_RETRY_SECONDS", default=5)
JOB_STALLED_SECONDS = env.int("JOB_STALLED_SECONDS", default=60)  # without a heartbeat of the worker
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", default=2)

# Admin

UNFOLD = {"SITE_TITLE": "Lightpoint", "SITE_HEADER": "Lightpoint", "SITE_SYMBOL": "gavel", "SHOW_HISTORY": True}

# Logs and errors

_RENDERER = (
    structlog.processors.JSONRenderer()
    if env.bool("LOG_JSON", default=False)
    else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"])
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
            ],
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _RENDERER,
            ],
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False)
