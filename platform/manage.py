#!/usr/bin/env python
"""Django's command line, with both source roots on the path."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run a management command with the settings of this machine unless told otherwise."""
    for source_root in (ROOT, ROOT / "platform"):
        if str(source_root) not in sys.path:
            sys.path.insert(0, str(source_root))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 path first

    if os.environ["DJANGO_SETTINGS_MODULE"] == "config.settings.local":
        from infra.local.environment import fill_in_environment  # noqa: PLC0415 path first

        fill_in_environment()

    from config.residency import begin  # noqa: PLC0415 path first

    begin()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
