"""What becomes possible at 14 and at 18, told to the pupil once (SRV-003, ГК РФ ст. 21)."""

from datetime import date

from foundation.notify.operations import notify
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.queries.ages import list_came_of
from services.regulation.queries import get_setting

MAY_APPLY = (
    "С {years} лет вы можете сами подать заявление о доступе к дневнику. К заявлению нужно "
    "письменное согласие одного из родителей: его примет классный руководитель."
)
OF_AGE = (
    "Теперь ваш дневник видите только вы. Если хотите, чтобы его видел и родитель, "
    "разрешите это на странице «Кто видит мой дневник»."
)


def tell_of_birthdays(*, actor: Actor, on: date) -> int:
    """Tell pupils who have just become old enough to apply, or of age; return how many.

    Safe to repeat: a notice is told once.
    """
    if not actor.has(Role.SYSTEM):
        raise NotFound
    years = get_setting(key="people.age_to_apply", on=on).value
    may_apply = list_came_of(key="people.age_to_apply", on=on)
    for one in may_apply:
        notify(
            account_ids=[one.account_id],
            kind="age",
            title="Вы можете сами подать заявление",
            text=MAY_APPLY.format(years=years),
            key=f"people.may-apply.{one.pupil_id}",
        )
    of_age = list_came_of(key="people.full_age", on=on)
    for one in of_age:
        notify(
            account_ids=[one.account_id],
            kind="age",
            title="Вы совершеннолетний",
            text=OF_AGE,
            url=f"/family/{actor.school.slug}/{one.pupil_id}/parents/",
            key=f"people.of-age.{one.pupil_id}",
        )
    return len(may_apply) + len(of_age)
