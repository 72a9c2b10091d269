"""Streaming XML without document types: entity bombs have nowhere to be declared."""

from collections.abc import Iterable
from xml.parsers import expat

from foundation.spreadsheets import limits
from foundation.spreadsheets.errors import SheetIsTooLarge, XmlIsBroken, XmlIsForbidden

Attributes = dict[str, str]


class Scanner:
    """Walks through one XML part; subclasses react to elements by their local names."""

    def __init__(self) -> None:
        self.elements = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """React to an opening tag; `name` comes without its prefix."""

    def end(self, name: str) -> None:
        """React to a closing tag."""

    def text(self, text: str) -> None:
        """React to text between tags."""

    def scan(self, chunks: Iterable[bytes]) -> None:
        """Read the part to its end. Raises XmlIsForbidden, XmlIsBroken or SheetIsTooLarge."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        _feed(parser, chunks)

    def _start(self, name: str, attributes: Attributes) -> None:
        self.elements += 1
        if self.elements > limits.MAX_XML_ELEMENTS:
            raise SheetIsTooLarge
        self.start(local(name), attributes)

    def _end(self, name: str) -> None:
        self.end(local(name))


def check_well_formed(chunks: Iterable[bytes]) -> None:
    """Read a part only to see that it is honest XML; much faster than with handlers."""
    _feed(expat.ParserCreate(), chunks)


def local(name: str) -> str:
    """Return a tag's or attribute's name without the prefix that some programs write."""
    return name.rpartition(":")[2]


def _feed(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    parser.StartDoctypeDeclHandler = _refuse_doctype
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > limits.MAX_XML_TOKEN_BYTES:
                raise XmlIsForbidden("Внутри файла есть теги недопустимой длины.")
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise XmlIsBroken from error


def _refuse_doctype(*_: object) -> None:
    raise XmlIsForbidden
