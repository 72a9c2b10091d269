"""Comparing a list of pupils with the school: who is new, who is changed, who moves.

Pure: plain values in, a plan out. A pupil is known by name and birth date.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from foundation.spreadsheets import Problem, Severity
from services.people.imports.kinship import Kinship
from services.people.imports.known import KnownEnrollment, KnownFamilies, KnownPerson
from services.people.imports.people import PupilRow
from services.people.imports.plans import FamiliesPlan, PlannedEnrollment, PlannedPupil
from services.people.imports.report import Count
from services.people.imports.rows import name_key

Digest = Callable[[str, date], str]


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
        self._kinship = Kinship(known, self.plan)

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
            self._kinship.add(pupil, guardian_row, digest)

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
