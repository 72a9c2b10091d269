"""Sign-in, sign-out, and the page where a person lands."""

from django.urls import path

from portal.home import (
    account,
    activation,
    confirm,
    factor,
    notices,
    outside,
    reset,
    second_step,
    theft,
    views,
)
from portal.public.stand import schools

app_name = "home"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", second_step.second_step, name="second-step"),
    path("sign-in/with/<slug:provider>/", outside.depart, name="outside"),
    path("sign-in/with/<slug:provider>/return/", outside.arrive, name="outside-return"),
    path("sign-in/invitation/", outside.stranger, name="outside-stranger"),
    path("account/link/<slug:provider>/", outside.link, name="outside-link"),
    path("account/unlink/<slug:provider>/", outside.unlink, name="outside-unlink"),
    path("sign-in/reset/", reset.reset, name="reset"),
    path("activate/", activation.activation, name="activate"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/contacts/", account.contacts, name="contacts"),
    path("account/second-factor/", factor.second_factor, name="second-factor"),
    path("account/second-factor/paper-codes/", factor.paper_codes, name="paper-codes"),
    path("account/second-factor/drop/", factor.drop, name="drop-second-factor"),
    path("account/sessions/end/", account.end, name="end-session"),
    path("account/theft/", theft.theft, name="theft"),
    path("account/confirm/", confirm.confirm, name="confirm"),
    path("notices/", notices.notices, name="notices"),
    path("notices/unread.json", notices.unread, name="notices-unread"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<slug:place>/<int:notice_id>/", notices.read_one, name="notice-read"),
    path("p/", schools, name="schools"),
    path("sign-out/", views.sign_out, name="sign-out"),
]
