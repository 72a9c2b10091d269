"""Settings that hold everywhere. House rules: docs/architecture.md §4; choices: docs/adr/."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from config.logs import logging_settings

ROOT = Path(__file__).resolve().parents[3]
PLATFORM = ROOT / "platform"

DEBUG = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Rooms and floors ------------------------------------------------------------------------
IN_BOTH = [
    "foundation.outbox",
    "foundation.audit",
    "foundation.registers",
    "foundation.files",
    "foundation.notify",
]
SHARED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "tenants.registry",
    "tenants.accounts",
    "tenants.external",
    "tenants.provisioning",
    "tenants.archive",
    "tenants.backups",
    "services.monitoring",
    "services.oversight",
    "services.upkeep",
    *IN_BOTH,
]
TENANT_APPS = [
    *IN_BOTH,
    "services.regulation",
    "services.people",
    "services.schedule",
    "services.journal",
    "services.diary",
    "services.cases",
    "services.records",
]
DOORS = [
    "portal.shell",
    "portal.terms",
    "portal.regulation",
    "portal.upkeep",
    "portal.home",
    "portal.teacher",
    "portal.reports",
    "portal.office",
    "portal.guardian",
    "portal.complaints",
    "portal.public",
    "portal.district",
    "api.rest",
    "api.health",
]
LIBRARIES = [
    "django_tenants",
    "django.contrib.postgres",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
]
INSTALLED_APPS = list(dict.fromkeys([*LIBRARIES, *SHARED_APPS, *TENANT_APPS, *DOORS, "config"]))

# --- Tenancy ----------------------------------------------------------------------------------
TENANT_MODEL = "registry.School"
TENANT_DB_ALIAS = "admin"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
PUBLIC_SCHEMA_NAME = "public"
# Managed clouds that forbid CREATE ROLE run with "off": a tested mode, named in health.
DB_ROLES = os.environ.get("OKRUG_DB_ROLES", "on") != "off"
# Plans of hot statements a connection keeps: forty schools' twenty each, 70 KB a plan (ADR 18).
DB_PLANS = int(os.environ.get("OKRUG_DB_PLANS", "800"))

# --- Residency: who keeps the data, and where (foundation/residency) ---------------------------
RESIDENCY_MANIFEST = Path(
    os.environ.get("OKRUG_RESIDENCY") or ROOT / "infra" / "residency" / "local.toml"
)

# --- Requests ---------------------------------------------------------------------------------
MIDDLEWARE = [
    "foundation.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "foundation.requests.RequestIdMiddleware",
    "foundation.requests.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "foundation.requests.PlainTextMiddleware",
    "tenants.accounts.gate.GateMiddleware",
    "portal.shell.middleware.TroubleMiddleware",
    "portal.shell.works.WorksMiddleware",
]
PERMISSION_MATRIX = "config.permissions.MATRIX"
UNAVAILABLE_DOOR = "config.errors.unavailable"
FORM_RENDERER = "portal.shell.forms.ShellRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.context.shell",
            ],
        },
    }
]

# --- Identity ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["tenants.accounts.authentication.PasswordBackend"]
PASSWORD_HASHERS = ["tenants.accounts.hashers.ModestArgon2PasswordHasher"]
LOGIN_URL = "home:sign-in"
# Factories of tenants.external.providers, e.g. "…from_environment.esia"; none by default.
IDENTITY_PROVIDERS = os.environ.get("OKRUG_IDENTITY_PROVIDERS", "").split()
SESSION_ENGINE = "tenants.accounts.sessions"
SESSION_COOKIE_NAME = "okrug"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # from the sign-in on, however busy
OKRUG_SESSION_IDLE = int(os.environ.get("OKRUG_SESSION_IDLE_MINUTES", "240")) * 60
# off, optional, or required: then staff and the committee set one up before anything else.
OKRUG_SECOND_FACTOR = os.environ.get("OKRUG_SECOND_FACTOR", "optional")
SECOND_STEP_URL = "home:second-step"
CONFIRMATION_URL = "home:confirm"
OKRUG_APPEARANCE_COOKIE = "appearance"
OKRUG_DEVICE_COOKIE = "okrug-device"  # for a year: a device that is known is not news
# How many proxies of ours stand before the portal: so many addresses of X-Forwarded-For are true.
OKRUG_TRUSTED_PROXIES = int(os.environ.get("OKRUG_TRUSTED_PROXIES", "0"))
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- Language, time, files --------------------------------------------------------------------
LANGUAGE_CODE = "ru"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Moscow"
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("OKRUG_STATIC") or ROOT / ".local" / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "foundation.static.ModuleStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# What people bring and what is printed for them: never under an address, a folder per schema.
FILES_ROOT = Path(os.environ.get("OKRUG_FILES") or ROOT / ".local" / "files")
FILES_LARGEST = 10 * 1024 * 1024
# Archives of schools that were asked for (docs/ru/export.md): no backup, a lost one is made anew.
ARCHIVES_ROOT = Path(os.environ.get("OKRUG_ARCHIVES") or FILES_ROOT.parent / "archives")
ARCHIVES_DAYS = int(os.environ.get("OKRUG_ARCHIVES_DAYS", "7"))

# --- Safety -----------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- Sight: numbers for Prometheus and who may ask; the portal's address for its own visitor -----
METRICS_FOLDER = Path(os.environ.get("OKRUG_METRICS_DIR") or ROOT / ".local" / "metrics")
METRICS_TOKEN = os.environ.get("OKRUG_METRICS_TOKEN", "")
METRICS_NETWORKS = os.environ.get("OKRUG_METRICS_NETWORKS", "127.0.0.0/8 ::1/128").split()
PROBE_URL = os.environ.get("OKRUG_PROBE_URL", "").rstrip("/")

# --- The way out: nothing is listed, so nothing goes out (foundation/transport) -----------------
ALLOWED_HOSTS_OUT = os.environ.get("OKRUG_ALLOWED_OUT", "").replace(",", " ").split()
if PROBE_URL:
    ALLOWED_HOSTS_OUT.append(PROBE_URL.removeprefix("https://"))
# `http://host:port` that lets TLS out of a closed network by CONNECT; empty: straight out.
EGRESS_PROXY = os.environ.get("OKRUG_EGRESS_PROXY", "")
PORTAL_URL = os.environ.get("OKRUG_URL", "")
EMAIL_HOST = os.environ.get("OKRUG_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("OKRUG_SMTP_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("OKRUG_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("OKRUG_SMTP_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL and os.environ.get("OKRUG_SMTP_TLS") != "off"
EMAIL_TIMEOUT = 10
OKRUG_SMS_URL = os.environ.get("OKRUG_SMS_URL", "")
SENTRY_DSN = os.environ.get("OKRUG_SENTRY_DSN", "")  # config/tracker; empty: nobody is told
RELEASE = os.environ.get("OKRUG_RELEASE", "")
DEFAULT_FROM_EMAIL = os.environ.get("OKRUG_MAIL_FROM", "okrug@localhost")

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.rest.authentication.VisitorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.rest.parsers.BoundedJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.rest.problems.handle",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Округ",
    "DESCRIPTION": "Школьная платформа муниципального округа: журнал, дневник, показатели.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # docstrings are ours, the schema speaks Russian
}

# --- Background -------------------------------------------------------------------------------
CELERY_BROKER_URL = os.environ.get("BROKER_URL", "")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "okrug"
CELERY_IMPORTS = [  # beside the `tasks.py` it finds itself
    "services.cases.complaint_tasks",
    "services.cases.printout_tasks",
]

# --- Logs: event names and ids, never names, marks or tokens (config/logs) ----------------------
LOGGING = logging_settings(as_json=False)
