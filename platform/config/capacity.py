"""How much one process of the portal takes on at once: desks, lines before them, threads."""

import os

from foundation.reception import Line, Urgency

DESKS = int(os.environ.get("OKRUG_DESKS", "4"))
# Places by what a second of one core serves: a bell sends a whole school's teachers at once, and
# a teacher's page is worth seconds of waiting; a reader hears at once that he should come back.
LINES = {
    Urgency.AT_ONCE: Line(places=16, seconds=10.0),
    Urgency.SOON: Line(places=40, seconds=4.0),
    Urgency.LATER: Line(places=8, seconds=1.5, leaves_free=min(1, DESKS - 1)),
}
SPARE_THREADS = 12  # they say no, and serve what needs no desk
THREADS = DESKS + sum(line.places for line in LINES.values()) + SPARE_THREADS
