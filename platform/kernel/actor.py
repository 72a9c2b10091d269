"""Who acts, in which school: resolved before any school is opened, then only passed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from kernel.roles import Role


@dataclass(frozen=True, slots=True)
class SchoolRef:
    """A school as the lower floors know it: where its data lie and which clock it keeps."""

    id: int
    slug: str
    schema: str
    db_role: str
    timezone: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one school. `persons` gives the id of the person's card per role."""

    account_id: int | None
    school: SchoolRef
    roles: frozenset[Role]
    persons: Mapping[Role, int] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""
    request_id: str = ""

    @classmethod
    def system(cls, school: SchoolRef, request_id: str = "") -> Self:
        """Return the actor of tasks, handlers and commands."""
        return cls(None, school, frozenset({Role.SYSTEM}), request_id=request_id)

    @classmethod
    def public(cls, school: SchoolRef, request_id: str = "") -> Self:
        """Return the actor of the school's public pages, `/p/<school>/…`."""
        return cls(None, school, frozenset({Role.PUBLIC}), request_id=request_id)

    def has(self, *roles: Role) -> bool:
        """Return whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def person(self, role: Role) -> int | None:
        """Return the id of the actor's card in that role, or None."""
        return self.persons.get(role)
