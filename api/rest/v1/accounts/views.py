"""Sign-in of programs, and who is signed in."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.base import ApiView
from api.rest.openapi import answers, problems
from api.rest.problems import SecondFactorNeeded, SignInRequired, WrongPassword
from api.rest.v1.accounts.serializers import CredentialsSerializer, MeSerializer, TokenSerializer
from foundation import clock
from foundation.db.door import school_transaction
from kernel.roles import Role
from services.diary import access as diary
from tenants.accounts.authentication import check_password, issue_token, revoke_token
from tenants.accounts.gate import presented_token
from tenants.accounts.networks import network_of
from tenants.accounts.operations import CodeIsWrong
from tenants.accounts.proofs import prove_factor
from tenants.accounts.visitor import Visitor, find_account, get_visitor


class TokenView(ApiView):
    """A key for a program that acts as a person."""

    needs_csrf = False  # signing in gives no cookie; ending a key takes the key itself

    @extend_schema(
        operation_id="issue_token",
        summary="Войти программой: получить ключ",
        tags=["Вход"],
        auth=[],
        request=CredentialsSerializer,
        responses={201: TokenSerializer, **problems(400, 401, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Issue a key by login and password."""
        form = CredentialsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        typed = form.validated_data
        account_id = check_password(
            login=typed["login"],
            password=typed["password"],
            network=network_of(self.gate_request),
        )
        if account_id is None:
            raise WrongPassword
        has_passed = _pass_second_factor(account_id, typed["code"])
        token, expires_at = issue_token(
            account_id=account_id, now=clock.now(), has_passed=has_passed
        )
        body = TokenSerializer({"token": token, "expires_at": expires_at}).data
        return Response(body, status=HTTPStatus.CREATED)

    @extend_schema(
        operation_id="revoke_token",
        summary="Выйти: ключ больше не действует",
        tags=["Вход"],
        auth=[{"token": []}],  # type: ignore[list-item]
        request=None,
        responses={204: None, **problems(401, 503)},
    )
    def delete(self, request: Request) -> Response:
        """End the key the request came with."""
        if not revoke_token(token=presented_token(self.gate_request)):
            raise SignInRequired
        return Response(status=HTTPStatus.NO_CONTENT)


class MeView(ApiView):
    """Who is signed in."""

    @extend_schema(
        operation_id="get_me",
        summary="Кто вошёл: школы с ролями и дети во всех школах",
        tags=["Вход"],
        responses=answers(MeSerializer),
    )
    def get(self, request: Request) -> Response:
        """Return name, schools with roles, and children across schools."""
        visitor = self.visitor
        assert visitor is not None
        body = {
            "name": visitor.display_name,
            "district_roles": _roles(visitor.district_roles),
            "schools": [
                {
                    "slug": school.slug,
                    "name": school.short_name,
                    "timezone": school.timezone,
                    "roles": _roles(visitor.actor_in(school.slug).roles),
                }
                for school in visitor.schools
            ],
            "children": _list_children(visitor, self.request_id),
        }
        return Response(MeSerializer(body).data)


def _pass_second_factor(account_id: int, code: str) -> bool:
    """Take the code where the account has a factor; return whether one was given.

    Raise `SecondFactorNeeded` when a password is not enough.
    """
    account = find_account(account_id)
    if account is None:
        raise WrongPassword
    visitor = get_visitor(account)
    if not visitor.is_halfway:
        return False
    if not visitor.has_second_factor or not code:
        raise SecondFactorNeeded
    try:
        prove_factor(account_id=account_id, code=code)
    except CodeIsWrong as error:
        raise SecondFactorNeeded from error
    return True


def _roles(roles: frozenset[Role]) -> list[dict[str, str]]:
    return [{"code": role.value, "title": role.label} for role in Role if role in roles]


def _list_children(visitor: Visitor, request_id: str) -> list[dict[str, Any]]:
    """Open the family's schools one after another: a transaction sees one."""
    found = []
    for actor in visitor.family_actors(request_id):
        today = clock.today(actor.school.timezone)
        with school_transaction(actor, actor.school.id):
            children = diary.list_children(actor=actor, on=today)
        found += [
            {
                "id": child.id,
                "school": actor.school.slug,
                "name": str(child.name),
                "class_title": child.class_title,
                "is_self": child.is_self,
            }
            for child in children
        ]
    return found
