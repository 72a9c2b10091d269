"""Loading the demo district, step by step. What is there already is passed over.

Whether a step is done is asked of the database itself, so that a load that was interrupted goes
on, and a database that was thrown away is filled anew.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.demo import accounts, arranging, complaints, staff
from config.demo.arranging import Blueprint
from config.demo.district import COMMITTEE, DISTRICT, TIMEZONE, SchoolSpec
from config.demo.journals import fill_journals, is_filled
from config.demo.service import apply_for_access
from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import deliver_waiting
from kernel.actor import Actor, SchoolRef
from kernel.errors import NotFound
from kernel.periods import ONE_DAY
from kernel.school_year import school_year_title, start_year_of
from services.journal import bulk
from services.monitoring.operations import mark_days_dirty
from services.monitoring.tasks import count_audience, recompute_dirty
from services.people import queries as people
from services.schedule import queries as schedule
from tenants.provisioning.operations import open_school, request_school
from tenants.registry.operations import name_district
from tenants.registry.queries import list_schools

TRUTH = "truth.json"
EVENING = 18
DAYS_COUNTED = 10  # of each school


@dataclass(frozen=True, slots=True)
class Moment:
    """The day the demo is loaded on."""

    now: datetime
    today: date

    @property
    def start_year(self) -> int:
        """Return the school year of the day; in July it is the one that ended in May."""
        return start_year_of(self.today)

    @property
    def last_over(self) -> date:
        """Return the last day whose lessons may be over: today only in the evening."""
        is_evening = self.now.astimezone(ZoneInfo(TIMEZONE)).hour >= EVENING
        return self.today if is_evening else self.today - ONE_DAY


@dataclass(frozen=True, slots=True)
class Loader:
    """Loads schools into the database, files into `folder`, and says what it does."""

    moment: Moment
    folder: Path
    say: Callable[[str], None]

    def load(self, schools: Sequence[SchoolSpec]) -> None:
        """Load the district with these schools, or what of it is missing."""
        refs = {ref.slug: ref for ref in list_schools()}
        if not refs:
            with public_transaction():
                name_district(name=DISTRICT, committee_name=COMMITTEE, timezone=TIMEZONE)
        is_filled = False
        for school in schools:
            ref = refs.get(school.slug) or self._open(school)
            is_filled |= self._load_school(ref, Blueprint(school, self.moment.start_year))
        with public_transaction():
            accounts.appoint_district()
            accounts.set_passwords()
        if is_filled:
            self._count(DAYS_COUNTED * len(schools))

    def _open(self, school: SchoolSpec) -> SchoolRef:
        school_id = request_school(
            slug=school.slug, name=school.name, short_name=school.short_name, timezone=TIMEZONE
        )
        return open_school(school_id=school_id)

    def _load_school(self, ref: SchoolRef, blueprint: Blueprint) -> bool:
        """Do what is left of a school; return whether its journals were filled."""
        name = blueprint.school.short_name
        actor = Actor.system(ref)
        with school_transaction(actor, ref.id):
            has_people = people.count_people()["pupils"] > 0
            years = self._years()
        if years and blueprint.start_year not in years:
            title = school_year_title(max(years))
            self.say(f"{name}: загружен {title} учебный год, он остаётся как есть")
            return False
        if not has_people:
            self._bring_people(ref, blueprint)
        if not years:
            self._arrange(ref, blueprint)
        is_filled = self._fill(ref, blueprint)
        self._serve(ref, name)
        return is_filled

    def _serve(self, ref: SchoolRef, name: str) -> None:
        """Let some families apply for the diary, each as far as it came."""
        actor = Actor.system(ref)
        with school_transaction(actor, ref.id):
            made = apply_for_access(actor=actor, now=self.moment.now)
        if made:
            deliver_waiting(ref, self.moment.now)
            self.say(f"{name}: {made} заявлений на услугу")
            complaints.complain(school=ref, head=staff.BORIS.name, now=self.moment.now)
            complaints.complain_to_committee(
                school=ref, officer=accounts.OFFICER, now=self.moment.now
            )
            deliver_waiting(None, self.moment.now)
            deliver_waiting(ref, self.moment.now)
            with public_transaction():
                accounts.bring_families_in(school_id=ref.id, now=self.moment.now)
            count_audience(ref)

    def _years(self) -> list[int]:
        """Return the school years, this or an earlier one, that the open school has."""
        found = []
        for start_year in (self.moment.start_year, self.moment.start_year - 1):
            try:
                schedule.get_calendar(start_year=start_year)
            except NotFound:
                continue
            found.append(start_year)
        return found

    def _bring_people(self, ref: SchoolRef, blueprint: Blueprint) -> None:
        actor = Actor.system(ref)
        with school_transaction(actor, ref.id):
            arranging.set_rules(actor=actor, blueprint=blueprint)
            arranging.import_people(
                actor=actor,
                blueprint=blueprint,
                today=self.moment.today,
                folder=self.folder / blueprint.school.slug,
            )
            count = people.count_people()
        self.say(
            f"{blueprint.school.short_name}: {count['pupils']} учеников, "
            f"{count['guardians']} родителей, {count['employees']} работников"
        )

    def _arrange(self, ref: SchoolRef, blueprint: Blueprint) -> None:
        # Also after an interruption: until the year is there, accounts may be missing.
        accounts.appoint_by_hand(ref)
        deliver_waiting(ref, self.moment.now)
        actor = Actor.system(ref)
        with school_transaction(actor, ref.id):
            lessons = arranging.arrange_year(actor=actor, blueprint=blueprint)
            arranging.change_lessons(actor=actor, blueprint=blueprint, today=self.moment.today)
        self.say(f"{blueprint.school.short_name}: расписание и {_thousands(lessons)} уроков")

    def _fill(self, ref: SchoolRef, blueprint: Blueprint) -> bool:
        actor = Actor.system(ref)
        with school_transaction(actor, ref.id):
            last = schedule.last_study_day(level=8, day=self.moment.last_over)
            if last is None or _is_filled(last):
                return False
            rows, planted = fill_journals(
                actor=actor, blueprint=blueprint, now=self.moment.now, today=self.moment.today
            )
        if not rows.records:
            return False
        if planted.is_first:
            self._keep_truth(blueprint.school.slug, planted.truth)
        first = min(row.date for row in rows.records)
        with public_transaction():
            mark_days_dirty(school_id=ref.id, since=first, until=self.moment.today + ONE_DAY)
        deliver_waiting(ref, self.moment.now)
        self.say(
            f"{blueprint.school.short_name}: журнал, {_thousands(len(rows.records))} записей, "
            f"{_thousands(len(rows.marks))} отметок, {_thousands(len(rows.absences))} пропусков"
        )
        return True

    def _count(self, limit: int) -> None:
        """Count the newest days for the district's pages; the dispatcher counts the rest."""
        counted = recompute_dirty(now=self.moment.now, limit=limit)
        if counted:
            self.say(f"Показатели округа: {counted} школьных дней")

    def _keep_truth(self, slug: str, truth: list[dict[str, Any]]) -> None:
        """Keep what was planted, in place of what an earlier database had."""
        path = self.folder / TRUTH
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
        made_for = self.moment.today.isoformat()
        kept = [one for one in kept if one["school"] != slug]
        kept += [{**one, "made_for": made_for} for one in truth]
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def _is_filled(day: date) -> bool:
    recorded = bulk.list_recorded(since=day, until=day)
    return is_filled(len(schedule.list_day_lessons(day=day)), len(recorded))


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
