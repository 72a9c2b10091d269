"""Complaints in the browser: the form, the code, the head who sees nothing yet, the papers."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from foundation.db.door import public_transaction, school_transaction
from foundation.spreadsheets.reading import read_table
from kernel.actor import Actor
from kernel.complaints import State
from kernel.roles import Role
from services.cases.models import Complaint as SchoolComplaint
from services.oversight.models import Complaint as CommitteeComplaint
from tests.doors.complaint_places import a_complaint
from tests.factories.complaints import PDF
from tests.factories.district import ALPHA, BETA, TwoSchools, open_account

pytestmark = pytest.mark.django_db
FORM = f"/p/{ALPHA}/complaint/"
STATUS = f"/p/{ALPHA}/complaint/status/"
OFFICE = f"/s/{ALPHA}/office/complaints/"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def pdf_text(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def hand_in(two: TwoSchools, client: Client | None = None, **changes: Any) -> tuple[str, str]:
    """Hand a complaint in without signing in; return the reference and the code."""
    answer = (client or Client()).post(FORM, {**a_complaint(two, ALPHA), **changes})
    assert answer.status_code == 200, text_of(answer)
    reference, code = re.findall(r'<dd class="code">([^<]+)</dd>', text_of(answer))
    return reference, code


def in_school(two: TwoSchools) -> list[SchoolComplaint]:
    school = two.refs[ALPHA]
    with school_transaction(Actor.system(school), school.id):
        return list(SchoolComplaint.objects.order_by("pk"))


# --- The applicant -------------------------------------------------------------------------------


@pytest.mark.requirement("SRV-031", part=True)
def test_visitor_hands_a_complaint_in_and_asks_by_the_code(two: TwoSchools) -> None:
    file = SimpleUploadedFile("снимок.pdf", PDF, "application/pdf")
    reference, code = hand_in(two, attachments=file)

    answer = Client().post(STATUS, {"number": reference.lower(), "code": f" {code} "})

    (one,) = in_school(two)
    assert (one.reference, one.postal_address, len(one.file_ids)) == (
        reference,
        "Заречный, Садовая, 1",
        1,
    )
    assert "Зарегистрируют до 23" in text_of(answer)
    assert reference not in answer.request["QUERY_STRING"]


def test_school_where_the_last_consent_was_withdrawn_is_still_offered(two: TwoSchools) -> None:
    """Vera has a role in «Бета» only: «Альфа» took hers with the consent."""
    client = Client()
    client.force_login(open_account((Role.GUARDIAN, two.refs[BETA], two.beta.vera)))

    page = text_of(client.get("/family/complaints/"))

    offered = re.findall(r'href="/family/complaints/(\w+)/new/"', page)
    assert offered[0] == BETA
    assert ALPHA in offered
    assert "Другая школа" in page


@pytest.mark.parametrize(
    ("role", "diary"),
    [(Role.GUARDIAN, "Дети"), (Role.PUPIL, "Дневник"), (Role.SECRETARY, "")],
    ids=["mother", "pupil", "no child here"],
)
def test_diary_is_offered_to_whom_it_opens(two: TwoSchools, role: Role, diary: str) -> None:
    client = Client()
    client.force_login(open_account((role, two.refs[BETA], two.beta.vera)))

    for address in ("/family/complaints/", "/family/service/"):
        menu = text_of(client.get(address)).partition('aria-label="Разделы"')[2]
        assert ('href="/family/"' in menu) is bool(diary)
        assert f"<span>{diary or 'Мои жалобы'}</span>" in menu


@pytest.mark.requirement("SRV-031", part=True)
def test_clerk_is_asked_of_the_applicant(two: TwoSchools) -> None:
    boris = Client()
    boris.force_login(open_account((Role.MANAGEMENT, two.refs[ALPHA], two.alpha.boris)))

    page = text_of(boris.get(f"{OFFICE}new/"))

    assert "Почему заявитель не согласен" in page
    assert "Ваши фамилия" not in page


def test_network_that_writes_one_after_another_waits_and_loses_nothing(two: TwoSchools) -> None:
    for _ in range(5):
        hand_in(two)
    form = {**a_complaint(two, ALPHA), "contested": "Моя длинная история."}
    about_the_head = {**form, "target": "director"}

    refused = [Client().post(FORM, one) for one in (form, about_the_head)]
    elsewhere = Client().post(FORM, form, REMOTE_ADDR="10.9.8.7")

    for answer in refused:
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) >= 1
        assert "слишком много жалоб" in text_of(answer)
        assert "Моя длинная история." in text_of(answer)
        assert form["key"] in text_of(answer)
    assert elsewhere.status_code == 200
    assert len(in_school(two)) == 6


def test_anonymous_complaint_is_explained_and_what_was_typed_stays(two: TwoSchools) -> None:
    answer = Client().post(FORM, {**a_complaint(two, ALPHA), "applicant": ""})

    page = text_of(answer)
    assert answer.status_code == 400
    assert "жалобу без имени закон рассматривать не позволяет" in page
    assert "Не открыли доступ." in page
    assert in_school(two) == []


@pytest.mark.parametrize(
    "name",
    ["grounds", "contested", "arguments", "residence", "phone", "target", "against"],
)
def test_missing_part_is_named_beside_its_field(name: str, two: TwoSchools) -> None:
    body = {key: value for key, value in a_complaint(two, ALPHA).items() if key != name}

    answer = Client().post(FORM, body)

    assert answer.status_code == 400
    assert f'id="id_{name}_error"' in text_of(answer)


def test_wrong_file_is_refused_and_the_words_stay(two: TwoSchools) -> None:
    file = SimpleUploadedFile("снимок.pdf", b"MZ not a pdf", "application/pdf")

    answer = Client().post(FORM, {**a_complaint(two, ALPHA), "attachments": file})

    assert (answer.status_code, in_school(two)) == (400, [])
    assert "Не открыли доступ." in text_of(answer)


def test_wrong_code_and_unknown_number_look_the_same(two: TwoSchools) -> None:
    reference, code = hand_in(two)
    strange = [
        {"number": reference, "code": "0000-0000-0000-0000"},
        {"number": "0000-0000", "code": code},
    ]

    answers = [Client().post(STATUS, body) for body in strange]

    assert [one.status_code for one in answers] == [400, 400]
    assert all("Такой жалобы нет" in text_of(one) for one in answers)


def test_code_of_one_school_opens_nothing_at_another(two: TwoSchools) -> None:
    reference, code = hand_in(two, target="director")

    answer = Client().post(STATUS.replace(ALPHA, BETA), {"number": reference, "code": code})

    assert answer.status_code == 400


def test_form_says_nothing_of_who_learns_here(two: TwoSchools) -> None:
    """Gleb's own mother and nobody at all get the same answer."""
    answers = [
        Client().post(FORM, {**a_complaint(two, ALPHA), "applicant": name})
        for name in ("Глебова Вера Ивановна", "Никто Никого Нетович")
    ]

    pages = [re.sub(r'class="code">[^<]+|value="[^"]+"', "", text_of(one)) for one in answers]
    assert pages[0] == pages[1]


def test_signed_in_applicant_finds_his_own_complaints_and_no_others(two: TwoSchools) -> None:
    vera, stranger = Client(), Client()
    vera.force_login(open_account((Role.GUARDIAN, two.refs[ALPHA], two.alpha.vera)))
    stranger.force_login(open_account((Role.GUARDIAN, two.refs[ALPHA], two.alpha.dmitry)))
    for target in ("employee", "director"):
        body = {**a_complaint(two, ALPHA), "target": target}
        assert vera.post(f"/family/complaints/{ALPHA}/new/", body).status_code == 302

    page = text_of(vera.get("/family/complaints/"))
    own = re.findall(r'href="(/family/complaints/(?:-|alpha)/\d+/)"', page)

    assert len(own) == 2
    assert [vera.get(url).status_code for url in own] == [200, 200]
    assert [stranger.get(url).status_code for url in own] == [404, 404]
    assert "Жалоб нет" in text_of(stranger.get("/family/complaints/"))


# --- Before the committee sends it ---------------------------------------------------------------


@pytest.mark.requirement("SRV-031", part=True)
def test_school_finds_nothing_of_a_complaint_about_its_head(two: TwoSchools) -> None:
    reference, _ = hand_in(two, target="director", against="директор Борин")
    pages = [OFFICE, f"{OFFICE}?state=open", f"/s/{ALPHA}/office/committee/"]
    with public_transaction():
        ours = CommitteeComplaint.objects.get()

    for role in (Role.MANAGEMENT, Role.SECRETARY, Role.ADMINISTRATOR):
        client = two.sign_in(role)
        for url in pages:
            assert reference not in text_of(client.get(url))
        assert client.get(f"{OFFICE}{ours.pk}/").status_code == 404
        assert client.get(f"/district/complaints/{ours.pk}/").status_code == 404
    assert in_school(two) == []


@pytest.mark.requirement("SRV-031")
def test_paper_complaint_about_the_head_goes_past_the_schools_register(two: TwoSchools) -> None:
    secretary = two.sign_in(Role.SECRETARY)

    answer = secretary.post(
        f"{OFFICE}new/", {**a_complaint(two, ALPHA), "target": "director", "against": ""}
    )

    assert answer.status_code == 302
    assert in_school(two) == []
    with public_transaction():
        assert CommitteeComplaint.objects.get().channel == "paper"


@pytest.mark.requirement("ROL-033", part=True)
def test_officer_has_no_way_into_a_school(two: TwoSchools) -> None:
    hand_in(two)
    (one,) = in_school(two)

    for role in (Role.DISTRICT_OFFICER, Role.DISTRICT_ADMIN):
        officer = two.sign_in(role, None)
        for url in (OFFICE, f"{OFFICE}{one.pk}/", f"/s/{ALPHA}/office/service/"):
            assert officer.get(url).status_code == 404


# --- The desk ------------------------------------------------------------------------------------


def walk(two: TwoSchools, **decision: str) -> tuple[Client, str, tuple[str, str]]:
    """Let a complaint be handed in, registered and decided; return the head's browser."""
    keys = hand_in(two)
    boris = two.sign_in(Role.MANAGEMENT)
    url = f"{OFFICE}{in_school(two)[0].pk}/"
    assert boris.post(url, {"action": "register"}).status_code == 302
    body = {"action": "decide", "reasons": "Срок нарушен.", "appeal_order": "В суд.", **decision}
    assert boris.post(url, body).status_code == 302, text_of(boris.post(url, body))
    return boris, url, keys


@pytest.mark.requirement("SRV-031", part=True)
def test_satisfied_complaint_is_answered_with_apology_and_next_steps(two: TwoSchools) -> None:
    boris, url, (reference, code) = walk(
        two,
        outcome="satisfied",
        measures="Доступ открыт.",
        apology="Приносим извинения.",
        next_steps="Войдите в дневник.",
    )
    before = Client().post(STATUS, {"number": reference, "code": code})
    assert "Срок нарушен." not in text_of(before)  # decided is not yet answered
    page = text_of(boris.get(url))
    assert "Последний день ответа — выходной" in page  # the day after Friday

    boris.post(url, {"action": "answer", "manner": "post"})
    after = Client().post(STATUS, {"number": reference, "code": code})
    paper = Client().post(
        f"/p/{ALPHA}/complaint/paper/",
        {"number": reference, "code": code, "body": "school", "paper": "answer"},
    )

    assert "Приносим извинения." in text_of(after)
    text = pdf_text(paper)
    for words in (
        "Ответ на жалобу",
        "2026/000001",
        "Срок нарушен.",
        "Приносим извинения.",
        "Войдите в дневник.",
        "Как обжаловать решение",
        "Глебова Вера Ивановна",
    ):
        assert words in text


def test_refused_complaint_is_answered_with_reasons_and_appeal(two: TwoSchools) -> None:
    boris, url, _ = walk(two, outcome="refused", apology="Приносим извинения.")

    text = pdf_text(boris.get(f"{url}answer.pdf"))

    assert "отказано в удовлетворении" in text
    assert "В суд." in text
    assert "извинения" not in text


def test_answer_is_no_paper_of_the_applicant_before_it_was_sent(two: TwoSchools) -> None:
    _, _, (reference, code) = walk(two, outcome="refused")
    asked = {"number": reference, "code": code, "body": "school", "paper": "answer"}

    assert Client().post(f"/p/{ALPHA}/complaint/paper/", asked).status_code == 404


def test_unfinished_decision_stays_on_the_page(two: TwoSchools) -> None:
    hand_in(two)
    boris = two.sign_in(Role.MANAGEMENT)
    url = f"{OFFICE}{in_school(two)[0].pk}/"
    boris.post(url, {"action": "register"})

    answer = boris.post(
        url,
        {
            "action": "decide",
            "outcome": "satisfied",
            "reasons": "Срок нарушен.",
            "appeal_order": "В суд.",
        },
    )

    assert answer.status_code == 400
    assert "Срок нарушен." in text_of(answer)
    assert "Принесите извинения за неудобства." in text_of(answer)
    assert in_school(two)[0].stands is State.REGISTERED


def test_second_click_says_that_it_was_done(two: TwoSchools) -> None:
    hand_in(two)
    boris = two.sign_in(Role.MANAGEMENT)
    url = f"{OFFICE}{in_school(two)[0].pk}/"

    answers = [boris.post(url, {"action": "register"}, follow=True) for _ in range(2)]

    assert "Жалоба зарегистрирована." in text_of(answers[0])
    assert "уже поступили иначе" in text_of(answers[1])
    assert in_school(two)[0].number == "2026/000001"


@pytest.mark.requirement("SRV-031", part=True)
def test_register_is_printed_and_exported_by_the_filter(two: TwoSchools) -> None:
    walk(two, outcome="refused")
    hand_in(two)
    boris = two.sign_in(Role.MANAGEMENT)

    sheet = boris.get(f"{OFFICE}register.xlsx?outcome=refused")
    rows = read_table(sheet.content, "register.xlsx").rows
    paper = pdf_text(boris.get(f"{OFFICE}register.pdf?state=open"))

    assert len(rows) == 2
    assert "2026/000001" in str(rows[1])
    assert "Выписка из реестра жалоб" in paper
    assert "В работе" in paper


@pytest.mark.parametrize("query", ["state=nonsense", "since=2026-02-31", "ground=%27", "page=x"])
def test_nonsense_in_the_address_shows_the_register(query: str, two: TwoSchools) -> None:
    assert two.sign_in(Role.MANAGEMENT).get(f"{OFFICE}?{query}").status_code == 200
    assert two.sign_in(Role.DISTRICT_OFFICER, None).get(
        f"/district/complaints/?{query}"
    ).status_code == 200  # fmt: skip


def test_unknown_move_is_not_there(two: TwoSchools) -> None:
    hand_in(two)
    boris = two.sign_in(Role.MANAGEMENT)

    for action in ("", "burn", "ask-case", "assign"):
        answer = boris.post(f"{OFFICE}{in_school(two)[0].pk}/", {"action": action})
        assert answer.status_code == 404
