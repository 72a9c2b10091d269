"""Run as a program: puts the load model's forty schools beside those of the story.

Its one argument is the address of the cluster's owner: the rows are copied past the triggers.
"""

import sys

import django

django.setup()

from tests.performance.load.build import DISTRICT, build  # noqa: E402 Django must be set up first


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    build(sys.argv[1], DISTRICT, _say)
