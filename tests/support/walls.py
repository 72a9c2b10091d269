"""While tests run, a key followed into another room is an error.

import-linter cannot see `mark.pupil.last_name`, and no rule over source can tell it from an
attribute of a dataclass. Import the fixture `rooms_kept_apart` into `tests/conftest.py`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db.models import Model
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor


class RoomCrossed(Exception):
    """A room read another room's row through a key: ask its queries for a dataclass."""


@contextmanager
def refuse_crossing() -> Iterator[None]:
    """Refuse to load a related object of another room."""
    load = ForwardManyToOneDescriptor.get_object

    def load_within_room(self: ForwardManyToOneDescriptor, instance: Model) -> Model:
        here, there = room_of(self.field.model), room_of(self.field.related_model)
        if here and there and here != there:
            raise RoomCrossed(f"{self.field} leads from {here} into {there}")
        return load(self, instance)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ForwardManyToOneDescriptor, "get_object", load_within_room)
        yield


@pytest.fixture(autouse=True, scope="session")
def rooms_kept_apart() -> Iterator[None]:
    """Keep the wall for the whole run."""
    with refuse_crossing():
        yield


def room_of(model: type[Model]) -> str:
    """Return the room a model belongs to; empty for models outside the rooms."""
    package, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if package == "services" else ""
