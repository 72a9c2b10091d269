"""Database backend of Okrug: django-tenants' one, pinned per transaction."""
