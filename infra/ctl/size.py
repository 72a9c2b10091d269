"""`okrugctl size`: how much disk, memory and how many cores a district needs.

Formula, and where its numbers come from:

- An empty school's tables take 4.1 MB: 171 MB of database for 42 schools (design/stack.md §5).
- A school of 805 pupils holds 272 350 marks and absences a year (design/goals.md: ≈ 275 000): 340
  a pupil. On the demonstration district of this product (PostgreSQL 18, indexes included) a mark
  takes 233 bytes, an absence 311, a line of the audit 489, a lesson 320, its record 355, a
  homework 310; with some 34 000 lessons a year to 275 000 marks that is 1 030 bytes a mark,
  with corrections ROW_BYTES. To be measured again when the journal's tables change.
- Files (applications, consents, orders): 0.5 MB a pupil and year. An assumption, not a measurement.
- Copies of KEEP_DAYS (infra/backup): a base copy a night, compressed to a third; two dumps of the
  schools a week, without indexes a sixth; the WAL between them, twice what a study day writes; the
  files once, unchanged ones being links. Each of two places (ARC-014) holds it all. The three
  shares are assumptions.
- Requests of the worst minutes: 133 + 40 a second for 30 000 pupils (goals.md, load model), a core
  serves REQUESTS_A_CORE (stack.md §7: 285 on two, the database on the same two).
- Memory: a process of the portal 200 MB (goals.md), a connection of PostgreSQL up to 120 MB of
  which the schools it touched are most; the rest of the memory is PostgreSQL's cache: a quarter of
  the database of the current year, at least 1 GB.

Every figure is rounded up. A district's own first month says more than this program.
"""

import argparse
import math
from dataclasses import dataclass

from infra.ctl.errors import Refusal

SCHOOL_BYTES = 171_000_000 / 42
ROWS_A_PUPIL = 340
ROW_BYTES = 1_100
FILE_BYTES_A_PUPIL = 500_000
KEEP_DAYS = 35
STUDY_DAYS = 170
WAL_FACTOR = 2.0
BASE_SHARE, DUMP_SHARE = 1 / 3, 1 / 6
DUMPS_A_DAY = 2.5 / 7
REQUESTS_A_PUPIL = 173 / 30_000
REQUESTS_A_CORE = 140
PORTAL_MB, BACKEND_MB, WORKER_MB, SYSTEM_MB = 200, 120, 200, 1_000
LARGEST_SCHOOLS, LARGEST_PUPILS, LARGEST_YEARS = 2_000, 2_000_000, 50
GB = 1_000_000_000


@dataclass(frozen=True)
class Size:
    """What to order: gigabytes of disk, of each of two places of copies, of memory; cores."""

    database_gb: int
    files_gb: int
    copies_gb: int
    memory_gb: int
    cores: int
    portals: int


def size(*, schools: int, pupils: int, years: int) -> Size:
    """Return the size of a server for a district; raise `Refusal` for what is no district."""
    _check("школ", schools, LARGEST_SCHOOLS)
    _check("учеников", pupils, LARGEST_PUPILS)
    _check("лет", years, LARGEST_YEARS)
    year = pupils * ROWS_A_PUPIL * ROW_BYTES
    database = schools * SCHOOL_BYTES + year * years
    files = pupils * FILE_BYTES_A_PUPIL * years
    wal = year / STUDY_DAYS * WAL_FACTOR * KEEP_DAYS
    copies = database * (BASE_SHARE + DUMP_SHARE * DUMPS_A_DAY) * KEEP_DAYS + files + wal
    cores = max(2, math.ceil(pupils * REQUESTS_A_PUPIL / REQUESTS_A_CORE) + 1)
    memory = SYSTEM_MB + cores * (PORTAL_MB + 8 * BACKEND_MB) + 2 * WORKER_MB
    cache = max(GB, (schools * SCHOOL_BYTES + year) / 4)
    return Size(
        database_gb=math.ceil(database * 1.3 / GB),  # a third more for sorting and vacuuming
        files_gb=math.ceil(files / GB),
        copies_gb=math.ceil(copies / GB),
        memory_gb=math.ceil(memory / 1_000 + cache / GB),
        cores=cores,
        portals=cores,
    )


def run(asked: argparse.Namespace) -> int:
    """Print the size."""
    found = size(schools=asked.schools, pupils=asked.pupils, years=asked.years)
    ports = " ".join(str(8001 + number) for number in range(found.portals))
    print(f"Школ {asked.schools}, учеников {asked.pupils}, лет хранения {asked.years}:")
    print(f"  ядер           {found.cores}")
    print(f"  памяти         {found.memory_gb} ГБ")
    print(f"  диск базы      {found.database_gb} ГБ, SSD")
    print(f"  диск файлов    {found.files_gb} ГБ")
    print(f"  копии          {found.copies_gb} ГБ в каждом из двух мест")
    print(f'  портал         okrugctl install --ports "{ports}"')
    print("Оценка с запасом; откуда числа — в тексте infra/ctl/size.py.")
    return 0


def _check(what: str, number: int, largest: int) -> None:
    if not 1 <= number <= largest:
        raise Refusal(f"Число {what} должно быть от 1 до {largest}, а не {number}.")
