"""Importing lists: upload → what would happen → apply; errors name row, column, value and cure."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.db.door import school_transaction
from kernel.actor import Actor
from kernel.errors import DomainError
from portal.shell.menus import school_menu
from services.diary.queries import get_on_the_way
from services.people import operations, queries
from tenants.accounts.gate import Request

KINDS = {"pupils": "Обучающиеся и родители", "employees": "Работники"}
LARGEST_FILE = 10 * 1024 * 1024
COUNTED = {
    "pupils": "обучающиеся",
    "guardians": "родители",
    "links": "связи с детьми",
    "classes": "классы",
    "enrollments": "зачисления",
    "employees": "работники",
}


@never_cache
@require_http_methods(["GET", "POST"])
def imports(request: Request, school: str) -> HttpResponse:
    """Show the upload form and the latest uploads; take a file and lead to its report."""
    actor = request.actor
    error = ""
    if request.method == "POST":
        try:
            job_id = _upload(request)
        except DomainError as refusal:
            error = refusal.message
        else:
            return HttpResponseRedirect(_url("import", actor, job_id=job_id))
    with school_transaction(actor, actor.school.id):
        jobs = queries.list_import_jobs(actor=actor, on=clock.today(actor.school.timezone))
    context = {
        "nav": school_menu(actor, "office:imports"),
        "error": error,
        "kinds": KINDS,
        "kind": request.POST.get("kind", "pupils"),
        "jobs": [{"card": job, "url": _url("import", actor, job_id=job.id)} for job in jobs],
    }
    return render(request, "office/imports.html", context, status=400 if error else 200)


class NoFile(DomainError):
    """The form came without a file, or without its kind."""

    code = "no-file"
    message = "Выберите файл и скажите, что в нём."


class FileIsTooLarge(DomainError):
    """The file is larger than a list of people can be."""

    code = "file-is-too-large"
    message = "Файл больше 10 МБ. Разделите список или сохраните его без картинок."


def _upload(request: Request) -> int:
    actor = request.actor
    upload = request.FILES.get("file")
    kind = request.POST.get("kind", "")
    if upload is None or kind not in KINDS:
        raise NoFile
    if upload.size is None or upload.size > LARGEST_FILE:
        raise FileIsTooLarge
    with school_transaction(actor, actor.school.id):
        job_id, _ = operations.upload_import(
            actor=actor,
            kind=kind,
            filename=upload.name or "",
            content=upload.read(),
            today=clock.today(actor.school.timezone),
        )
    return job_id


def _url(route: str, actor: Actor, **more: int) -> str:
    return reverse(f"office:{route}", kwargs={"school": actor.school.slug, **more})


@never_cache
@require_GET
def report(request: Request, school: str, job_id: int) -> HttpResponse:
    """Show what an upload would do, or did, and how many consequences are still on their way."""
    return _show(request, job_id)


def _show(
    request: Request, job_id: int, refusal: operations.ImportIsRefused | None = None
) -> HttpResponse:
    """Show an upload; a refusal brings the report of this minute: the preview is older."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        today = clock.today(actor.school.timezone)
        job = queries.get_import_job(actor=actor, job_id=job_id, on=today)
        way = None
        if job.state == "applied":
            way = get_on_the_way(actor=actor, on=today)
    report = refusal.report.as_dict() if refusal else job.report
    counts = [
        {"title": COUNTED.get(name, name), **count}
        for name, count in report.get("counts", {}).items()
    ]
    context = {
        "nav": school_menu(actor, "office:imports"),
        "job": job,
        "report": report,
        "counts": counts,
        "error": refusal.message if refusal else "",
        "way": way,
        "apply_url": _url("apply", actor, job_id=job_id),
        "drop_url": _url("drop", actor, job_id=job_id),
        "imports_url": _url("imports", actor),
    }
    return render(request, "office/import.html", context, status=409 if refusal else 200)


@never_cache
@require_POST
def apply(request: Request, school: str, job_id: int) -> HttpResponse:
    """Import an upload, all or nothing."""
    actor = request.actor
    try:
        with school_transaction(actor, actor.school.id):
            operations.apply_import_job(
                actor=actor,
                job_id=job_id,
                now=clock.now(),
                today=clock.today(actor.school.timezone),
            )
    except operations.ImportIsOver:
        messages.info(request, "Этот файл уже загружен: второй раз ничего не изменилось.")
    except operations.ImportIsRefused as refusal:
        return _show(request, job_id, refusal)
    else:
        messages.success(request, "Список загружен.")
    return HttpResponseRedirect(_url("import", actor, job_id=job_id))


@never_cache
@require_POST
def drop(request: Request, school: str, job_id: int) -> HttpResponse:
    """Put an upload aside; its file is wiped."""
    actor = request.actor
    with school_transaction(actor, actor.school.id):
        operations.drop_import_job(
            actor=actor, job_id=job_id, on=clock.today(actor.school.timezone)
        )
    messages.info(request, "Файл отложен и удалён.")
    return HttpResponseRedirect(_url("imports", actor))
