"""Production: everything said by the environment, nothing by default that could be forgotten.

Behind a proxy that ends TLS; it must set `X-Forwarded-Proto` and `X-Forwarded-For` itself.
"""

import os
from pathlib import Path

from config.logs import logging_settings
from config.settings.base import *  # noqa: F403
from config.settings.environment import database, required

SECRET_KEY = required("SECRET_KEY")
IDENTITY_KEY = required("OKRUG_IDENTITY_KEY")
ALLOWED_HOSTS = required("ALLOWED_HOSTS").split(",")
RESIDENCY_MANIFEST = Path(required("OKRUG_RESIDENCY"))

DATABASES = {
    "default": database(required("DATABASE_URL"), CONN_MAX_AGE=900, CONN_HEALTH_CHECKS=True),
    "admin": database(os.environ.get("DATABASE_ADMIN_URL") or required("DATABASE_URL")),
}

# --- Only over TLS ------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked inside the building
SECURE_HSTS_SECONDS = int(os.environ.get("OKRUG_HSTS_SECONDS", str(365 * 24 * 3600)))
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other sites of the town hall are not ours to answer for
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host.strip("*.")]

# --- Cookies of this host alone: `__Host-` is kept by browsers over TLS only, path /, no domain --
SESSION_COOKIE_NAME = "__Host-okrug"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-okrug-csrf"
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
OKRUG_APPEARANCE_COOKIE = "__Host-okrug-appearance"
OKRUG_DEVICE_COOKIE = "__Host-okrug-device"

# --- Identity -----------------------------------------------------------------------------------
OKRUG_SECOND_FACTOR = os.environ.get("OKRUG_SECOND_FACTOR", "required")
OKRUG_TRUSTED_PROXIES = int(os.environ.get("OKRUG_TRUSTED_PROXIES", "1"))

# --- Logs ---------------------------------------------------------------------------------------
LOGGING = logging_settings(as_json=True)
