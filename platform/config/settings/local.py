"""One machine: what `make run` starts. Addresses and the secret come from the launcher."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.environment import database, required

SECRET_KEY = required("SECRET_KEY")
IDENTITY_KEY = os.environ.get("OKRUG_IDENTITY_KEY", SECRET_KEY)
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

DATABASES = {
    "default": database(required("DATABASE_URL"), CONN_MAX_AGE=900, CONN_HEALTH_CHECKS=True),
    "admin": database(os.environ.get("DATABASE_ADMIN_URL") or required("DATABASE_URL")),
}
