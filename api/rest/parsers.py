"""Bodies of requests: JSON of a bounded size and depth."""

import json
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from api.rest.problems import BodyTooLarge

MOST_BYTES = 1024 * 1024


class BoundedJSONParser(JSONParser):
    """JSON of a size and depth that a program of ours would send."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        """Return the body; raise `BodyTooLarge`, `ParseError`."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise BodyTooLarge
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
