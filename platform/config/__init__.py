"""The roof: settings, addresses, wiring; imports everything, imported by nobody.

The Celery application is loaded with it, so that every task finds the same broker.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
