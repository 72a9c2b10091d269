"""What only the product itself can tell of its database: asked by `okrugctl doctor`, told as JSON.

Runs with the product's settings; those refuse by themselves what the residency manifest forbids.
"""

import json
import sys
import time
from typing import Any

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.migrations.loader import MigrationLoader

BASICS = """
    SELECT current_setting('server_version_num')::int,
           lower('ЁЖ') = 'ёж',
           extract(epoch FROM clock_timestamp())::float,
           (SELECT NOT rolsuper AND NOT rolinherit FROM pg_roles WHERE rolname = %s),
           (SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user)
"""
SCHOOLS = "SELECT slug FROM registry_school WHERE schema_head NOT IN ('', %s) ORDER BY slug"


def main() -> int:
    """Print the facts; 1 with a sentence when the product does not even load."""
    try:
        django.setup()
    except ImproperlyConfigured as refusal:
        print(refusal, file=sys.stderr)
        return 1
    try:
        print(json.dumps(_ask_database()))
    except OperationalError as trouble:
        print(f"база данных не отвечает ({' '.join(str(trouble).split())})", file=sys.stderr)
        return 1
    return 0


def _ask_database() -> dict[str, Any]:
    from tenants.provisioning.schema import code_head  # noqa: PLC0415 models are loaded only now

    admin = connections["admin"]
    web = str(connections["default"].settings_dict["USER"])
    with admin.cursor() as cursor:
        cursor.execute(BASICS, [web])
        now = time.time()
        version, knows_cyrillic, moment, web_is_bare, migrator_is_bare = cursor.fetchone()
        loader = MigrationLoader(admin)
        shared = {app.label for app in django.apps.apps.get_app_configs()} & {
            name.rpartition(".")[2] for name in settings.SHARED_APPS
        }
        waiting = [
            f"{app}.{name}"
            for app, name in loader.disk_migrations
            if app in shared and (app, name) not in loader.applied_migrations
        ]
        cursor.execute(SCHOOLS, [code_head()])
        behind = [slug for (slug,) in cursor.fetchall()]
    return {
        "version": version,
        "knows_cyrillic": knows_cyrillic,
        "skew": moment - now,
        "roles_are_bare": bool(web_is_bare and migrator_is_bare),
        "migrations": waiting,
        "behind": behind,
    }


if __name__ == "__main__":
    sys.exit(main())
