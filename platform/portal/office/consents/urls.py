"""Addresses of consents, inside `/s/<school>/office/`, in the namespace `office`."""

from django.urls import path

from portal.office.consents import accepting, destruction, my_data, one, register, requests, texts

ONE = "consents/<int:consent_id>/"
REQUEST = "consents/requests/<int:request_id>/"
urlpatterns = [
    path("consents/", register.consents, name="consents"),
    path("consents/register.xlsx", register.table, name="consents-table"),
    path("consents/register.pdf", register.paper, name="consents-register"),
    path("consents/accept/", accepting.pupils, name="consent-pupils"),
    path("consents/accept/<int:pupil_id>/", accepting.signers, name="consent-signers"),
    path("consents/accept/<int:pupil_id>/<int:guardian_id>/", accepting.new, name="consent-new"),
    path("consents/staff/<int:employee_id>/", accepting.new_staff, name="consent-new-staff"),
    path("consents/blank/<slug:kind>/", accepting.blank, name="consent-blank"),
    path("consents/texts/", texts.texts, name="consent-texts"),
    path("consents/texts/<slug:kind>/", texts.text, name="consent-text"),
    path("consents/policy/", texts.policy, name="data-policy"),
    path("consents/destruction/", destruction.due, name="destruction"),
    path("consents/destruction/<int:consent_id>/", destruction.destroy, name="destroy"),
    path("consents/destruction/<int:consent_id>/signed/", destruction.erase, name="erase-signed"),
    path("consents/acts/<int:act_id>/", destruction.act, name="destruction-act"),
    path("my-data/", my_data.my_data, name="my-data"),
    path("my-data/<int:request_id>.zip", my_data.answer, name="my-data-answer"),
    path("consents/requests/", requests.queue, name="data-requests"),
    path("consents/requests/new/", requests.write_down, name="data-request-new"),
    path(REQUEST, requests.one, name="data-request"),
    path(f"{REQUEST}answer.zip", requests.answer_file, name="data-answer"),
    path(f"{REQUEST}answer/", requests.answer, name="answer-request"),
    path(f"{REQUEST}extend/", requests.extend, name="extend-request"),
    path(ONE, one.consent, name="consent"),
    path(f"{ONE}paper/", one.paper, name="consent-paper"),
    path(f"{ONE}scan/", one.scan, name="consent-scan"),
    path(f"{ONE}withdraw/", one.withdraw, name="withdraw-consent"),
    path(f"{ONE}withdrawal/", one.withdrawal_paper, name="withdrawal-paper"),
]
