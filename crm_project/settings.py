"""Settings of every installation, read from the environment.

Development is the default; `CRM_ENV=production` demands a secret key and allowed hosts and refuses
debug and demo logins (`crm_project.checks`).
"""

import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from core.mail.server import parse_email_url
from core.storage import s3_storage
from local.instance import connection_settings, read_instance, read_secrets

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = os.environ.get("CRM_ENV") == "production"
TESTING = "PYTEST_VERSION" in os.environ
CRM_DATA = Path(os.environ.get("CRM_DATA") or BASE_DIR / ".data").resolve()


def env_bool(name: str, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


DEBUG = env_bool("DEBUG", default=False)
DEMO_LOGINS = env_bool("DEMO", default=not PRODUCTION)
SECRETS = None if PRODUCTION else read_secrets(CRM_DATA)  # made up by `make run` on its first start
SECRET_KEY = os.environ.get("SECRET_KEY") or (
    SECRETS.secret_key if SECRETS else "" if PRODUCTION else "development-only-" + "0" * 50
)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
INSTANCE = None if PRODUCTION else read_instance(CRM_DATA)
PORT = os.environ.get("PORT") or (str(INSTANCE.port) if INSTANCE and INSTANCE.port else "8000")
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{PORT}")

CONNECTIONS = connection_settings(os.environ)

INSTALLED_APPS = [
    "core",
    "contacts",
    "sales",
    "service",
    "marketing",
    "analytics",
    "demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_countries",  # its names of countries in every language
    "django_celery_beat",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "core.middleware.SessionLifetimeMiddleware",
    "core.middleware.ActorMiddleware",
    "core.middleware.UserPreferencesMiddleware",
]

ROOT_URLCONF = "crm_project.urls"
WSGI_APPLICATION = "crm_project.wsgi.application"
ASGI_APPLICATION = "crm_project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.shell",
            ],
            "builtins": ["django.templatetags.i18n"],
        },
    }
]


def database(url: str) -> dict[str, object]:
    """Django's DATABASES entry for a `postgresql://user:password@host:port/name?option=…` URL."""
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "core.db",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": int(os.environ.get("CONN_MAX_AGE", "60")),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": env_bool("PGBOUNCER", default=False),
        "OPTIONS": options,
    }


OWNER_COMMANDS = {"migrate", "sqlmigrate", "install_history"}
AS_OWNER = len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS and not TESTING
DATABASES = {
    "default": database(
        CONNECTIONS.migration_database_url
        if AS_OWNER and CONNECTIONS.migration_database_url
        else CONNECTIONS.database_url
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CONNECTIONS.redis_url}
}

# People and sessions
AUTH_USER_MODEL = "core.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique by a constraint on lower(email)
AUTHENTICATION_BACKENDS = [
    "core.accounts.backend.SignInBackend",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    ]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "core:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail because somebody typed their address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Meridian"
USERSESSIONS_TRACK_ACTIVITY = False
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are set by administrators, who invite by them
# Reverse proxies in front: so many of X-Forwarded-For's last addresses are believed (core.limits.client_address)
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# counted in Redis under a lock, so parallel tries are counted one by one
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/15m/ip,10/15m/key",
    "reset_password": "20/15m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/15m/user",
    "signup": "5/m/ip",
}
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 3 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Words and times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["crm_project.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or CRM_DATA / "media")
S3_BUCKET = os.environ.get("S3_BUCKET", "")  # uploads in S3-compatible storage: needs requirements-s3.txt
STORAGES = {
    "default": s3_storage(
        S3_BUCKET, os.environ.get("S3_ENDPOINT_URL", ""), os.environ.get("S3_ADDRESSING_STYLE", "")
    )
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES", str(25 * 2**20)))
FILE_UPLOAD_HANDLERS = [
    "core.importing.upload.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
IMPORT_MAX_BYTES = int(os.environ.get("IMPORT_MAX_BYTES", str(2 * 2**30)))

# Mail
MAIL = parse_email_url(CONNECTIONS.email_url)
EMAIL_BACKEND = (
    "django.core.mail.backends.locmem.EmailBackend"
    if TESTING
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_URL = CONNECTIONS.email_url
EMAIL_HOST = MAIL.host
EMAIL_PORT = MAIL.port
EMAIL_HOST_USER = MAIL.username
EMAIL_HOST_PASSWORD = MAIL.password
EMAIL_USE_SSL = MAIL.implicit_tls
EMAIL_USE_TLS = MAIL.starttls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Meridian <crm@demo.example>")
MAIL_DOMAIN = os.environ.get("MAIL_DOMAIN", "demo.example")
MAIL_LINK_KEY = os.environ.get("MAIL_LINK_KEY") or SECRET_KEY  # must outlive the mails whose links it signs
# Apart from the database, so that a restored backup is erased again (docs/operations.md)
ERASURE_LOG = Path(os.environ.get("ERASURE_LOG") or CRM_DATA / "erasures" / "erasures.jsonl")
# A Maildir on this machine that mails are delivered to, if there is one: erasure empties it of the person
MAIL_STORE = os.environ.get("MAIL_STORE") or ("" if PRODUCTION else str(CRM_DATA / "mail"))
MAIL_JOURNAL_DIR = Path(os.environ.get("MAIL_JOURNAL_DIR") or CRM_DATA / "mail-journal")
MAIL_CLAIM_SIZE = int(os.environ.get("MAIL_CLAIM_SIZE", "200"))

# Background work
ENRICH_FROM_SITES = os.environ.get("ENRICH_FROM_SITES") == "1"
"""Whether companies' own web pages may be read for suggestions: off unless the operator says so."""
CELERY_BROKER_URL = CONNECTIONS.redis_url
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 10}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 3900
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TIMEZONE = "UTC"

# Forms, filters, API
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FILTERS_EMPTY_CHOICE_LABEL = None
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "core.api.authentication.CsrfSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["core.api.throttling.TokenRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": os.environ.get("API_RATE", "600/minute")},
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.ResourceSchema",
    "EXCEPTION_HANDLER": "core.api.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    # the description names the custom fields of the database, which a check runs without; a test validates it
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "TITLE": "Meridian API",
    "VERSION": "1",
    "DESCRIPTION": (
        "Titles and problems are told in the language of `Accept-Language` (en, de, ar); a personal token that sends "
        "none is answered in its owner's language, a browser's session always. Moments are ISO 8601 with their offset."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "DealStatusEnum": "sales.enums.DealStatus",
        "OrderStatusEnum": "sales.enums.OrderStatus",
        "TicketStatusEnum": "service.enums.TicketStatus",
        "MetricStatusEnum": "contacts.enums.MetricStatus",
        "CallOutcomeEnum": "contacts.enums.CallOutcome",
        "JobStateEnum": "core.enums.JobState",
        "ConsentStateEnum": "contacts.enums.ConsentState",
        "RequestStateEnum": "contacts.enums.RequestState",
        "PairStateEnum": "contacts.enums.PairState",
        "CampaignStateEnum": "marketing.enums.CampaignState",
        "LifecycleStageEnum": "contacts.enums.LifecycleStage",
        "PointKindEnum": "contacts.enums.PointKind",
        "CustomKindEnum": "core.enums.CustomKind",
        "RetypeKindEnum": "core.api.custom_fields.KINDS",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": (),
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# The organisation, until somebody sets it in the admin
BASE_CURRENCY = os.environ.get("BASE_CURRENCY", "EUR")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "filters": {"no_personal_data": {"()": "core.logs.RedactPersonalData"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["no_personal_data"],
        }
    },
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
    "loggers": {
        "crm": {"level": os.environ.get("LOG_LEVEL", "INFO")},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
