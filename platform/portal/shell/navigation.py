"""What a view hands the shell to draw: menu items, places of a person, breadcrumbs."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the left rail and of the phone's bottom bar; the first four matter most."""

    title: str
    url: str
    icon: str
    current: bool = False
    badge: str = ""
    section: str = ""  # a heading that this item opens; shown in the rail only


@dataclass(frozen=True, slots=True)
class Crumb:
    title: str
    url: str = ""  # empty for the page itself


@dataclass(frozen=True, slots=True)
class Fact:
    """A short truth on a card: «5» «уроков сегодня»; state is "", good, warn or bad."""

    value: str
    label: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A school (in one role) or a child: where a signed-in person may go."""

    kind: str  # school | child | district
    title: str
    subtitle: str
    url: str
    icon: str
    facts: Sequence[Fact] = ()
    current: bool = False
    school: str = ""  # the slug of a place of work
