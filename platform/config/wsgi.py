"""The web application as granian or any WSGI server loads it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

portal = get_wsgi_application()

from config.reception import receive  # noqa: E402 Django must be ready first

application = receive(portal)
