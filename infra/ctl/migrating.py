"""Static files and the database brought to a release, in one process: Django is loaded once.

The static files are root's, the portal may not write there; then root is nobody's here any more.
"""

import argparse
import os
import pwd
import sys
from collections.abc import Sequence

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from infra.local.errors import sentence_of
from infra.local.interrupting import INTERRUPTED

COMMANDS = ("migrate_public", "sync_roles", "migrate_schools")


def main(arguments: Sequence[str]) -> int:
    """Run the commands; stop at the first that fails, its words said."""
    parser = argparse.ArgumentParser(prog="python -m infra.ctl.migrating", description=__doc__)
    parser.add_argument("--static", action="store_true", help="собрать статические файлы")
    parser.add_argument("--account", default="", help="кем стать, когда они собраны")
    asked = parser.parse_args(arguments)
    try:
        django.setup()
        if asked.static:
            call_command("collectstatic", "--noinput", "-v0")
        if asked.account:
            _become(asked.account)
        for name in COMMANDS:
            call_command(name)
    except (CommandError, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OperationalError as trouble:
        print(f"База данных не отвечает: {' '.join(str(trouble).split())}", file=sys.stderr)
        return 1
    except OSError as trouble:
        print(sentence_of(trouble), file=sys.stderr)
        return 1
    return 0


def _become(name: str) -> None:
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)  # whoever called says it
