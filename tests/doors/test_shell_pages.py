"""What stands around every page: appearance, navigation, forms, pages of errors."""

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from portal.shell import errors
from portal.shell.appearance import Appearance, appearance
from portal.shell.forms import ShellRenderer
from portal.shell.icons import ICONS
from portal.shell.navigation import NavItem, Place

PAGE = '{% extends "shell/base.html" %}{% block title %}Проба{% endblock %}'


def a_request(cookie: str = "", **about: Any) -> HttpRequest:
    request = RequestFactory().get("/s/school-1/")
    request.COOKIES["appearance"] = cookie
    for name, value in about.items():
        setattr(request, name, value)
    return request


def render(source: str, request: HttpRequest, **context: Any) -> str:
    return str(engines["django"].from_string(source).render(context, request))


def choose(**wishes: str) -> HttpResponse:
    return appearance(RequestFactory().post("/appearance/", wishes))


# --- Appearance ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cookie", "seen"),
    [
        pytest.param("dark.125.wide.off", Appearance("dark", "125", "wide", "off"), id="chosen"),
        pytest.param("", Appearance(), id="nothing chosen"),
        pytest.param("dark", Appearance("dark"), id="cut short"),
        pytest.param('"><script>.999.x.y', Appearance(), id="hostile"),
        pytest.param("dark.999.wide.on.more", Appearance("dark", spacing="wide"), id="odd"),
    ],
)
def test_cookie_is_read_with_suspicion(cookie: str, seen: Appearance) -> None:
    assert Appearance.parse(cookie) == seen


def test_page_bears_the_chosen_appearance() -> None:
    page = render(PAGE, a_request("contrast-dark.150.wide.off"))

    assert '<html lang="ru" data-theme="contrast-dark" data-size="150"' in page
    assert 'data-spacing="wide" data-pictures="off">' in page


def test_choice_is_kept_and_leads_back() -> None:
    response = choose(theme="dark", size="150", spacing="wide", pictures="off", next="/family/?a=1")

    cookie = response.cookies["appearance"]
    assert (response.status_code, response["Location"]) == (302, "/family/?a=1")
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (
        "dark.150.wide.off",
        True,
        "Lax",
    )


def test_unknown_choice_becomes_the_default() -> None:
    response = choose(theme="neon", size="900")

    assert response.cookies["appearance"].value == "auto.100.normal.on"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:x", ""])
def test_nobody_is_led_to_another_site(where: str) -> None:
    assert choose(theme="dark", next=where)["Location"] == "/"


def test_appearance_is_changed_by_post_only() -> None:
    assert appearance(RequestFactory().get("/appearance/")).status_code == 405


# --- Navigation ---------------------------------------------------------------------------------


def a_menu(length: int) -> list[NavItem]:
    return [NavItem(f"Раздел {i}", f"/{i}/", "list", current=i == 1) for i in range(1, length + 1)]


def test_five_items_fit_the_bottom_bar() -> None:
    page = render(PAGE, a_request(), nav=a_menu(5))

    assert "Ещё" not in page
    assert page.count('aria-current="page"') == 1


def test_of_more_items_the_rest_goes_under_more() -> None:
    page = render(PAGE, a_request(), nav=a_menu(7))

    assert "Ещё" in page
    assert page.count('class="nav-rest"') == 3
    assert page.count('href="/7/"') == 2


def test_page_without_menu_has_no_navigation() -> None:
    page = render(PAGE, a_request())

    assert 'class="nav"' not in page
    assert "frame-plain" in page


def test_several_places_make_a_switch() -> None:
    school = Place("school", "Школа № 1", "Учитель", "/s/1/", "school", current=True)
    child = Place("child", "Глеб", "3А", "/family/1/2/", "child")
    visitor = SimpleNamespace(display_name="Иванова Вера Петровна")

    page = render(
        PAGE, a_request(visitor=visitor, shell_place=school, shell_places=[school, child])
    )

    assert 'aria-label="Мои школы и дети"' in page
    assert 'href="/family/1/2/"' in page
    assert "Иванова В." in page


def test_signed_out_page_offers_no_sign_out() -> None:
    assert "Выйти" not in render(PAGE, a_request(visitor=None))


# --- Forms --------------------------------------------------------------------------------------


class AForm(forms.Form):
    default_renderer = ShellRenderer
    name = forms.CharField(label="Фамилия", help_text="Как в паспорте")
    note = forms.CharField(label="Заметка", required=False)
    kin = forms.ChoiceField(label="Родство", widget=forms.RadioSelect, choices=[("m", "Мать")])


def test_error_stands_under_its_field_and_is_read_with_it() -> None:
    page = str(AForm({"kin": "m"}))

    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in page
    assert '<div id="id_name_error"><p class="field-error">' in page


def test_optional_field_says_so_in_words() -> None:
    page = str(AForm())

    assert page.count("необязательно") == 1
    assert "<legend>Родство</legend>" in page


# --- Icons and states ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ICONS)
def test_icon_is_drawn(name: str) -> None:
    drawn = render("{% load shell %}{% icon name %}", a_request(), name=name)

    assert drawn.startswith('<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M')


def test_lonely_icon_speaks_for_itself() -> None:
    assert 'aria-label="Настройки"' in render(
        '{% load shell %}{% icon "menu" "Настройки" %}', a_request()
    )


@pytest.mark.parametrize(
    ("value", "classes"),
    [("5", "mark"), (2, "mark mark-low"), ("Н", "mark mark-code"), ("5 ОП", "mark mark-code")],
)
def test_mark_shows_its_kind_by_shape(value: object, classes: str) -> None:
    drawn = render("{% load shell %}{% mark value %}", a_request(), value=value)

    assert drawn == f'<span class="{classes}">{value}</span>'


def test_words_on_a_mark_are_escaped() -> None:
    drawn = render("{% load shell %}{% mark 5 title=words %}", a_request(), words="<b>")

    assert drawn == '<abbr class="mark" title="&lt;b&gt;">5</abbr>'


# --- Errors -------------------------------------------------------------------------------------


def _explode() -> object:
    raise AssertionError("a broken page asked for the visitor")


def test_not_found_covers_not_yours() -> None:
    response = errors.page_not_found(a_request())

    assert response.status_code == 404
    assert "Такой страницы нет или она не для вас" in response.content.decode()


def test_broken_page_does_not_ask_who_is_there() -> None:
    response = errors.server_error(a_request("dark", visitor=SimpleLazyObject(_explode)))

    assert response.status_code == 500
    assert 'data-theme="dark"' in response.content.decode()


def test_busy_service_says_when_to_come_back() -> None:
    response = errors.service_unavailable(a_request())

    assert (response.status_code, response["Retry-After"]) == (503, "30")


def test_stale_form_is_explained() -> None:
    response = errors.csrf_failure(a_request(), reason="CSRF token missing")

    assert response.status_code == 403
    assert "Форма устарела" in response.content.decode()
