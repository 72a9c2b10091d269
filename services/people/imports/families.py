"""Comparing a list of pupils with the school: who is new, who is changed, who is whose.

Pure: plain values in, a plan out. The same plan is counted by the preview and written by the
import. A pupil is known by name and birth date; a guardian by the digest of СНИЛС, by the name
within the family, or by the name with the same birth date, phone or address.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from foundation.spreadsheets import Problem, Severity
from services.people.imports.known import KnownEnrollment, KnownFamilies, KnownLink, KnownPerson
from services.people.imports.people import GuardianRow, PupilRow
from services.people.imports.report import Count
from services.people.imports.rows import name_key
from services.people.imports.values import ClassName

Digest = Callable[[str, date], str]

MARKS = ("birth_date", "phone", "email")
TITLES = {
    "birth_date": "дата рождения",
    "phone": "телефон",
    "email": "электронная почта",
    "sex": "пол",
    "identity_digest": "СНИЛС",
}


@dataclass(slots=True, eq=False)
class PlannedPupil:
    """A pupil of the list: the card there is, or none; what changes; the class."""

    row: PupilRow
    known: KnownPerson | None
    changes: dict[str, Any] = field(default_factory=dict)
    id: int | None = None


@dataclass(slots=True, eq=False)
class PlannedGuardian:
    """A guardian of one or several pupils of the list, or of the school."""

    known: KnownPerson | None
    row: GuardianRow | None = None
    stated: dict[str, Any] = field(default_factory=dict)
    id: int | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """Return the fields that the list states otherwise than the card."""
        card = self.known.fields if self.known else {}
        return {name: value for name, value in self.stated.items() if card.get(name) != value}

    def value(self, name: str) -> Any:
        """Return what the list states, else what the card says."""
        return self.stated.get(name) or (self.known.fields.get(name) if self.known else None)


@dataclass(slots=True, eq=False)
class PlannedLink:
    """Whose guardian; `known` is the tie there is."""

    pupil: PlannedPupil
    guardian: PlannedGuardian
    relation: str
    known: KnownLink | None


@dataclass(slots=True, eq=False)
class PlannedEnrollment:
    """A class from a day on; `ends` is the enrolment that ends, or moves if it began no earlier."""

    pupil: PlannedPupil
    school_class: ClassName
    since_on: date
    ends: KnownEnrollment | None


@dataclass(slots=True)
class FamiliesPlan:
    """Everything an import of pupils writes; `day` is the first day of new ties."""

    day: date
    classes: list[ClassName] = field(default_factory=list)
    pupils: list[PlannedPupil] = field(default_factory=list)
    guardians: list[PlannedGuardian] = field(default_factory=list)
    links: list[PlannedLink] = field(default_factory=list)
    enrollments: list[PlannedEnrollment] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def plan_families(
    pupils: list[PupilRow], known: KnownFamilies, *, digest: Digest, today: date, year_began: date
) -> FamiliesPlan:
    """Return what a list of pupils changes in the school, counted."""
    planner = _Planner(known, digest, max(today, year_began), year_began)
    for row in pupils:
        planner.add(row)
    plan = planner.plan
    mentioned = {row.school_class for row in pupils}
    plan.classes = sorted(mentioned - known.classes.keys())
    plan.counts = {
        "classes": Count(len(plan.classes), 0, len(mentioned & known.classes.keys())),
        "pupils": _count((one.known, one.changes) for one in plan.pupils),
        "enrollments": planner.enrollment_count,
        "guardians": _count((one.known, one.changes) for one in plan.guardians),
        "links": _count(
            (one.known, one.known and one.known.relation != one.relation) for one in plan.links
        ),
    }
    return plan


def _count(records: Iterator[tuple[object, object]]) -> Count:
    count = Count()
    for known, changes in records:
        if known is None:
            count.created += 1
        elif changes:
            count.changed += 1
        else:
            count.unchanged += 1
    return count


class _Planner:
    def __init__(self, known: KnownFamilies, digest: Digest, day: date, year_began: date) -> None:
        self.plan = FamiliesPlan(day)
        self.enrollment_count = Count()
        self._known, self._digest, self._day, self._year_began = known, digest, day, year_began
        self._pupils: dict[tuple[str, date | None], list[KnownPerson]] = defaultdict(list)
        self._pupil_names: dict[str, list[KnownPerson]] = defaultdict(list)
        for card in known.pupils:
            self._pupils[name_key(card.name), card.fields["birth_date"]].append(card)
            self._pupil_names[name_key(card.name)].append(card)
        self._enrollments: dict[int, list[KnownEnrollment]] = defaultdict(list)
        for enrollment in known.enrollments:
            self._enrollments[enrollment.pupil_id].append(enrollment)
        self._filled_classes = {one.class_id for one in known.enrollments}
        self._guardians = _Guardians(known, self.plan)

    def add(self, row: PupilRow) -> None:
        """Plan one pupil with the class and the guardians."""
        candidates = self._pupils.get((name_key(row.name), row.birth_date), [])
        if len(candidates) > 1:
            self._remark_ambiguous(row)
            return
        pupil = PlannedPupil(row, candidates[0] if candidates else None)
        if pupil.known is None:
            self._warn_of_namesake(row)
        elif row.sex and row.sex != pupil.known.fields["sex"]:
            pupil.changes["sex"] = row.sex
        self.plan.pupils.append(pupil)
        self._enroll(pupil)
        for guardian_row in row.guardians:
            digest = ""
            if guardian_row.snils and guardian_row.birth_date:
                digest = self._digest(guardian_row.snils, guardian_row.birth_date)
            self._guardians.add(pupil, guardian_row, digest)

    def _enroll(self, pupil: PlannedPupil) -> None:
        """Plan the class: none if the pupil is in it, the days in another one end."""
        class_id = self._known.classes.get(pupil.row.school_class)
        mine = self._enrollments.get(pupil.known.id, []) if pupil.known else []
        current = next((one for one in mine if one.until is None or one.until > self._day), None)
        if current is not None and current.class_id == class_id:
            self.enrollment_count.unchanged += 1
            return
        since = self._since(class_id, mine, current)
        self.plan.enrollments.append(
            PlannedEnrollment(pupil, pupil.row.school_class, since, current)
        )
        if current is None:
            self.enrollment_count.created += 1
            return
        self.enrollment_count.changed += 1
        self.plan.problems.append(
            Problem(
                Severity.WARNING,
                "pupil-moves",
                pupil.row.row,
                "",
                str(pupil.row.school_class),
                f"Ребёнок сейчас в другом классе и будет переведён с {since:%d.%m.%Y}.",
                "Если перевода не было, исправьте класс в файле.",
            )
        )

    def _since(
        self, class_id: int | None, mine: list[KnownEnrollment], current: KnownEnrollment | None
    ) -> date:
        """Return the first day in the class.

        The first list of a class is the class as the year began; who comes later comes today.
        """
        of_this_year = set(self._known.classes.values())
        moves_within_year = current is not None and current.class_id in of_this_year
        is_first_list = class_id not in self._filled_classes
        since = self._year_began if is_first_list and not moves_within_year else self._day
        ended = [one.until for one in mine if one.until is not None and one is not current]
        return max([since, *ended])

    def _remark_ambiguous(self, row: PupilRow) -> None:
        self.plan.problems.append(
            Problem(
                Severity.ERROR,
                "pupil-is-ambiguous",
                row.row,
                "",
                str(row.name),
                "В школе два ребёнка с таким именем и датой рождения.",
                "Исправьте карточки в школе: одна из них лишняя.",
            )
        )

    def _warn_of_namesake(self, row: PupilRow) -> None:
        for card in self._pupil_names.get(name_key(row.name), []):
            self.plan.problems.append(
                Problem(
                    Severity.WARNING,
                    "pupil-has-namesake",
                    row.row,
                    "",
                    str(row.name),
                    "В школе есть ребёнок с таким именем и другой датой рождения "
                    f"({card.fields['birth_date']:%d.%m.%Y}); будет заведена новая карточка."
                    if card.fields["birth_date"]
                    else "В школе есть ребёнок с таким именем без даты рождения.",
                    "Если это тот же ребёнок, исправьте дату в файле или в карточке.",
                )
            )


class _Guardians:
    """Recognises guardians across the list and the school."""

    def __init__(self, known: KnownFamilies, plan: FamiliesPlan) -> None:
        self._plan = plan
        self._seen: set[PlannedGuardian] = set()
        self._all = {card.id: PlannedGuardian(card) for card in known.guardians}
        self._by_digest: dict[str, PlannedGuardian] = {}
        self._by_mark: dict[tuple[str, str, Any], PlannedGuardian] = {}
        self._by_name: dict[str, PlannedGuardian] = {}
        self._links = {(one.pupil_id, one.guardian_id): one for one in known.links}
        self._families: dict[int, list[PlannedGuardian]] = defaultdict(list)
        for link in known.links:
            self._families[link.pupil_id].append(self._all[link.guardian_id])
        for guardian in self._all.values():
            assert guardian.known is not None
            self._index(guardian, name_key(guardian.known.name))

    def add(self, pupil: PlannedPupil, row: GuardianRow, digest: str) -> None:
        """Plan a guardian and the tie to the pupil."""
        key = name_key(row.name)
        guardian = self._by_digest.get(digest) if digest else None
        if guardian is not None and _key_of(guardian) != key:
            self._remark(Severity.ERROR, "snils-of-another", row, "Этот СНИЛС у другого человека.")
            return
        guardian = guardian or self._in_family(pupil, key) or self._by_marks(key, row)
        if guardian is None:
            guardian = PlannedGuardian(None, row)
            if key in self._by_name and row.birth_date is None:
                self._warn_of_namesake(row)
        if guardian not in self._seen:
            self._seen.add(guardian)
            self._plan.guardians.append(guardian)
        self._state(guardian, row, digest)
        self._index(guardian, key)
        self._link(pupil, guardian, row)

    def _in_family(self, pupil: PlannedPupil, key: str) -> PlannedGuardian | None:
        family = self._families.get(pupil.known.id, []) if pupil.known else []
        return next((one for one in family if _key_of(one) == key), None)

    def _by_marks(self, key: str, row: GuardianRow) -> PlannedGuardian | None:
        for mark in MARKS:
            value = getattr(row, mark)
            found = self._by_mark.get((key, mark, value)) if value else None
            if found is None:
                continue
            born = found.value("birth_date")
            if born is None or row.birth_date is None or born == row.birth_date:
                return found
        return None

    def _index(self, guardian: PlannedGuardian, key: str) -> None:
        if digest := guardian.value("identity_digest"):
            self._by_digest.setdefault(digest, guardian)
        for mark in MARKS:
            if value := guardian.value(mark):
                self._by_mark.setdefault((key, mark, value), guardian)
        self._by_name.setdefault(key, guardian)

    def _state(self, guardian: PlannedGuardian, row: GuardianRow, digest: str) -> None:
        """Take what the row states; of two different statements the first holds."""
        stated = {
            "sex": row.sex,
            "birth_date": row.birth_date,
            "phone": row.phone,
            "email": row.email,
            "identity_digest": digest,
        }
        for name, value in stated.items():
            if not value:
                continue
            if guardian.stated.setdefault(name, value) != value:
                self._remark(
                    Severity.WARNING,
                    "guardian-is-contradictory",
                    row,
                    f"У этого взрослого в файле указано разное: {TITLES[name]}. Взято первое.",
                )

    def _link(self, pupil: PlannedPupil, guardian: PlannedGuardian, row: GuardianRow) -> None:
        known = None
        if pupil.known and guardian.known:
            known = self._links.get((pupil.known.id, guardian.known.id))
        relation = row.relation
        # «Законный представитель» without a relation says nothing against the mother on the card
        if known is not None and relation == "other":
            relation = known.relation
        self._plan.links.append(PlannedLink(pupil, guardian, relation, known))

    def _warn_of_namesake(self, row: GuardianRow) -> None:
        self._remark(
            Severity.WARNING,
            "guardian-has-namesake",
            row,
            "Взрослый с таким именем уже есть; без общей даты рождения, телефона или СНИЛС "
            "это другая карточка.",
        )

    def _remark(self, severity: Severity, code: str, row: GuardianRow, reason: str) -> None:
        self._plan.problems.append(
            Problem(
                severity,
                code,
                row.row,
                row.column,
                str(row.name),
                reason,
                "Проверьте данные родителя.",
            )
        )


def _key_of(guardian: PlannedGuardian) -> str:
    if guardian.known is not None:
        return name_key(guardian.known.name)
    return name_key(guardian.row.name) if guardian.row else ""
