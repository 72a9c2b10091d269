"""The matrix of rights on a phone: each role by itself, the same truth as in the wide table."""

import pytest
from django.urls import reverse

from kernel.rights import Right
from kernel.roles import Role
from tests.factories.district import ALPHA, TwoSchools

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("ROL-004", part=True)
def test_what_a_role_may_is_told_without_the_table(two: TwoSchools) -> None:
    page = two.sign_in(Role.ADMINISTRATOR).get(reverse("office:rights", kwargs={"school": ALPHA}))

    titles = [one["title"] for one in page.context["columns"]]
    for number, role in enumerate(page.context["roles"]):
        ticked = [
            row["title"]
            for group in page.context["groups"]
            for row in group["rows"]
            if row["cells"][number].is_allowed
        ]
        told = [right for _, rights in role["groups"] for right, _ in rights]
        assert (role["title"], told) == (titles[number], ticked)
    teacher = next(one for one in page.context["roles"] if one["title"] == Role.TEACHER.label)
    assert Right.FINALS_SET_OWN.label in str(teacher["groups"])
    assert page.text.count('<details class="fold"><summary>') == len(titles)
