"""The employees at work as a list to choose from."""

from kernel.names import FullName
from services.people.models import Employee


def list_staff_names() -> dict[int, str]:
    """Return «Петрова Ольга Ивановна, учитель» by employee, in the order of names."""
    rows = Employee.objects.filter(left_on=None).order_by("last_name", "first_name", "pk")
    return {
        row.pk: ", ".join(
            filter(None, (str(FullName(row.last_name, row.first_name, row.middle_name)), row.post))
        )
        for row in rows
    }
