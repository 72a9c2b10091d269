"""Recognising guardians: who in the list is who in the school, and whose parent.

A guardian is known by the digest of СНИЛС, by the name within the family, or by the name with the
same birth date, phone or address. The name alone is not enough: there are many Елена Иванова.
"""

from collections import defaultdict
from typing import Any

from foundation.spreadsheets import Problem, Severity
from services.people.imports.known import KnownFamilies
from services.people.imports.people import GuardianRow
from services.people.imports.plans import (
    FamiliesPlan,
    PlannedGuardian,
    PlannedLink,
    PlannedPupil,
)
from services.people.imports.rows import name_key

BY_CONSENT = ("phone", "email", "identity_digest")
MARKS = ("birth_date", "phone", "email")
TITLES = {
    "birth_date": "дата рождения",
    "phone": "телефон",
    "email": "электронная почта",
    "sex": "пол",
    "identity_digest": "СНИЛС",
}


class Kinship:
    """Recognises guardians across the list and the school, and ties them to pupils."""

    def __init__(self, known: KnownFamilies, plan: FamiliesPlan) -> None:
        self._plan = plan
        self._withdrawn = known.withdrawn
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
        if guardian.known is not None and guardian.known.id in self._withdrawn:
            stated = self._without_contacts(stated, row)
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

    def _without_contacts(self, stated: dict[str, Any], row: GuardianRow) -> dict[str, Any]:
        """Return what may still be kept of who withdrew the consent (152-ФЗ ст. 21 ч. 5)."""
        kept = {name: value for name, value in stated.items() if name not in BY_CONSENT}
        if any(stated[name] for name in BY_CONSENT):
            self._remark(
                Severity.WARNING,
                "consent-was-withdrawn",
                row,
                "Этот взрослый отозвал согласие: телефон, почта и СНИЛС не загружены.",
            )
        return kept

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
