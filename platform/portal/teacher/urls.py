"""Addresses of a school's teachers, behind `/s/<school>/`."""

from django.urls import path

from portal.teacher import journal, lesson, paper, today

app_name = "teacher"
PAGE = "journal/<int:group>/<int:subject>/<int:term>"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("journals/", journal.journals, name="journals"),
    path("journal/cells/", journal.save_cells, name="save-cells"),
    path("journal/kind/", journal.set_kind, name="set-kind"),
    path("journal/<int:group>/<int:subject>/", journal.current_term, name="journal-now"),
    path(f"{PAGE}/", journal.journal, name="journal"),
    path(f"{PAGE}/cells.json", journal.cells, name="cells"),
    path(f"{PAGE}/lessons/", lesson.lessons, name="lessons"),
    path(f"{PAGE}/paper.pdf", paper.subject_paper, name="subject-paper"),
    path("journal/<int:group>/paper/", paper.class_paper, name="class-paper"),
    path(
        "journal/<int:group>/paper/<int:term>.pdf", paper.class_paper_file, name="class-paper-file"
    ),
    path("lessons/<int:lesson_id>/", lesson.lesson, name="lesson"),
]
