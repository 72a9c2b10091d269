"""Tests: the database is made by tests/conftest.py on a throwaway embedded cluster."""

from config.settings.base import *  # noqa: F403
from config.settings.base import REST_FRAMEWORK, STORAGES
from config.settings.environment import database

SECRET_KEY = "tests-only-not-a-secret"  # noqa: S105
IDENTITY_KEY = "tests-only-not-a-key"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Replaced by the fixture `django_db_setup` before the first connection.
DATABASES = {
    "default": database("postgresql://okrug_web@/okrug_test"),
    "admin": database("postgresql://okrug_migrator@/okrug_test"),
}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_BROKER_URL = "memory://"
REST_FRAMEWORK = {**REST_FRAMEWORK, "TEST_REQUEST_DEFAULT_FORMAT": "json"}
WHITENOISE_AUTOREFRESH = True
