"""The sign-ins for getting to know the product: who, where, and what to look at first.

All have one password. Everybody else of the demo has an account without one.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from config.demo import families, staff
from config.demo.arranging import list_employee_ids
from foundation.db.door import public_transaction, school_transaction
from kernel.actor import Actor, SchoolRef
from kernel.names import FullName
from kernel.roles import FAMILY_ROLES, Role
from services.people import operations as people_operations
from tenants.accounts.operations import give_role, login_base, open_account
from tenants.accounts.queries import get_account_id
from tenants.accounts.queries.members import list_members

PASSWORD = "zarechny"  # noqa: S105 printed at every start of the demo, guards nothing
OFFICER = FullName("Покровская", "Ирина", "Львовна")
DISTRICT_ADMINISTRATOR = FullName("Тропинин", "Максим", "Юрьевич")


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person to sign in as; `school` "" is the district."""

    name: FullName
    role: str
    school: str
    what_to_see: str

    @property
    def login(self) -> str:
        """Return the login: nobody else of the demo has such a name."""
        return login_base(str(self.name))


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A sign-in as it is printed."""

    login: str
    password: str
    name: str
    role: str
    school: str
    what_to_see: str

    def as_dict(self) -> dict[str, str]:
        """Return the sign-in for programs."""
        return asdict(self)


SIGN_INS = (
    SignIn(
        staff.ANNA.name,
        "учитель двух школ",
        "Школа № 5, Лицей № 1",
        "Журнал 7А по алгебре: наберите отметки с клавиатуры, перейдите в другую школу",
    ),
    SignIn(
        staff.OLGA.name,
        "классный руководитель 7А",
        "Школа № 5",
        "Журналы своего класса и своих предметов",
    ),
    SignIn(
        staff.BORIS.name,
        "завуч, учитель истории",
        "Школа № 5",
        "Любой журнал школы, списки, расписание",
    ),
    SignIn(
        staff.GALINA.name,
        "администратор школы",
        "Школа № 5",
        "Загрузка списков из .local/demo, отчёт о проверке файла",
    ),
    SignIn(staff.ELENA.name, "секретарь", "Школа № 5", "Списки обучающихся и их загрузка"),
    SignIn(
        families.VERA.name,
        "мама двоих детей",
        "Школа № 5, Лицей № 1",
        "Завтрашний день Глеба и Майи на одном экране, отметки, домашние задания",
    ),
    SignIn(families.GLEB, "ученик 7А", "Школа № 5", "Свой дневник"),
    SignIn(
        families.DMITRY.name,
        "папа ученика другой школы",
        "Школа № 16",
        "Дневник Тимура; детей Веры он не увидит",
    ),
    SignIn(OFFICER, "специалист комитета", "", "Показатели всех школ округа без имён детей"),
    SignIn(DISTRICT_ADMINISTRATOR, "администратор округа", "", "Школы округа и их показатели"),
)


def list_demo_accounts() -> list[DemoAccount]:
    """Return the sign-ins that are there; expects `public_transaction()`."""
    return [
        DemoAccount(
            login=one.login,
            password=PASSWORD,
            name=str(one.name),
            role=one.role,
            school=one.school,
            what_to_see=one.what_to_see,
        )
        for one in SIGN_INS
        if get_account_id(one.login) is not None
    ]


def appoint_by_hand(school: SchoolRef) -> None:
    """Give what no post gives: Anna's one account for two schools, the administrator's role.

    Before the school's events are delivered: a card keeps the account it has.
    """
    actor = Actor.system(school)
    known = {str(one.name): one for one in (staff.ANNA, staff.GALINA)}
    with school_transaction(actor, school.id):
        employees = list_employee_ids()
    cards = {name: employees[name] for name in known if name in employees}
    if not cards:
        return
    accounts: dict[int, int] = {}
    with public_transaction():
        for name, card in cards.items():
            accounts[card] = open_account(name=name, identity_digest=_identity(name))
            if name == str(staff.GALINA.name):
                give_role(
                    account_id=accounts[card],
                    role=Role.ADMINISTRATOR,
                    school_id=school.id,
                    person_id=card,
                )
    with school_transaction(actor, school.id):
        people_operations.set_accounts(actor=actor, role=Role.TEACHER, accounts=accounts)


def appoint_district() -> None:
    """Open the committee's accounts; safe to repeat. Expects `public_transaction()`."""
    for name, role in (
        (OFFICER, Role.DISTRICT_OFFICER),
        (DISTRICT_ADMINISTRATOR, Role.DISTRICT_ADMIN),
    ):
        account_id = open_account(name=str(name), identity_digest=_identity(str(name)))
        give_role(account_id=account_id, role=role)


def set_passwords() -> None:
    """Set the password of the sign-ins that have none; expects `public_transaction()`."""
    waiting = get_user_model()._default_manager.filter(
        login__in=[one.login for one in SIGN_INS],
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
    )
    if waiting.exists():
        waiting.update(password=make_password(PASSWORD))


def bring_families_in(*, school_id: int, now: datetime) -> None:
    """Let three of four accounts of families have been at the portal lately.

    They hold no password: who signs in from outside needs none. Expects `public_transaction()`.
    """
    came = [pk for pk in list_members(school_id=school_id, roles=FAMILY_ROLES) if pk % 4]
    waiting = get_user_model()._default_manager.filter(pk__in=came, last_login=None)
    waiting.update(last_login=now - timedelta(days=3))


def _identity(name: str) -> str:
    return hashlib.sha256(f"okrug demo {name}".encode()).hexdigest()
