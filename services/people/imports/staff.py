"""Comparing a list of employees with the school. Pure: plain values in, a plan out.

An employee is known by name and birth date; without a date in the file, by name and post.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from foundation.spreadsheets import Problem, Severity
from services.people.imports.known import EMPLOYEE_FIELDS, KnownPerson
from services.people.imports.people import EmployeeRow
from services.people.imports.report import Count
from services.people.imports.rows import name_key


@dataclass(slots=True)
class PlannedEmployee:
    """An employee of the list: the card there is, or none; what changes."""

    row: EmployeeRow
    known: KnownPerson | None
    changes: dict[str, Any]


@dataclass(slots=True)
class StaffPlan:
    """Everything an import of employees writes."""

    employees: list[PlannedEmployee] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def plan_staff(rows: list[EmployeeRow], known: list[KnownPerson]) -> StaffPlan:
    """Return what a list of employees changes in the school, counted."""
    plan, count = StaffPlan(), Count()
    by_name: dict[str, list[KnownPerson]] = defaultdict(list)
    for one in known:
        by_name[name_key(one.name)].append(one)
    for row in rows:
        namesakes = by_name[name_key(row.name)]
        candidates = _candidates(row, namesakes)
        if len(candidates) > 1 or (not candidates and namesakes and row.birth_date is None):
            plan.problems.append(_ambiguous(row))
            continue
        card = candidates[0] if candidates else None
        stated = {name: getattr(row, name) for name in EMPLOYEE_FIELDS}
        changes = {n: v for n, v in stated.items() if v and card and card.fields[n] != v}
        plan.employees.append(PlannedEmployee(row, card, changes))
        if card is None:
            count.created += 1
        elif changes:
            count.changed += 1
        else:
            count.unchanged += 1
    plan.counts = {"employees": count}
    return plan


def _candidates(row: EmployeeRow, namesakes: list[KnownPerson]) -> list[KnownPerson]:
    if row.birth_date is None:
        return [card for card in namesakes if _same(card.fields["post"], row.post)]
    same_day = [card for card in namesakes if card.fields["birth_date"] == row.birth_date]
    undated = [card for card in namesakes if card.fields["birth_date"] is None]
    return same_day or undated


def _same(one: str, another: str) -> bool:
    return one.lower().replace("ё", "е").split() == another.lower().replace("ё", "е").split()


def _ambiguous(row: EmployeeRow) -> Problem:
    return Problem(
        Severity.ERROR,
        "employee-is-ambiguous",
        row.row,
        "",
        str(row.name),
        "В школе есть работник с таким именем; тот ли это человек, непонятно.",
        "Добавьте столбец «Дата рождения» или исправьте должность.",
    )
