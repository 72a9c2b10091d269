"""A small ЕСИА on loopback that speaks its dialect and believes nothing.

It refuses a bad signature, a timestamp older than five minutes, a state it has seen, a code used
twice. Signatures are RSA here: what is checked is the text that is signed and the CMS around it.
"""

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import RSAKey

OLDEST = timedelta(minutes=5)


def make_certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """Return a self-signed certificate of our information system."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "OKRUG")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = builder.not_valid_before(day).not_valid_after(day + timedelta(days=3650))
    return builder.sign(key, hashes.SHA256())


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@dataclass
class FakeEsia:
    """The provider: whose key it knows, who signs in, and what it has seen."""

    public_key: rsa.RSAPublicKey
    now: datetime
    person: dict[str, Any]
    client_id: str = "OKRUG"
    oid: str = "1000299654"
    issuer: str = "http://esia.gosuslugi.ru/"
    audience: str = "OKRUG"
    refuses: bool = False
    lifetime: timedelta = OLDEST
    base: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048))
    states: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    def authorize(self, url: str) -> dict[str, str]:
        """Act as the browser: follow the address, return what comes back in the answer's query."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        trouble = self._check(asked)
        if trouble:
            self.troubles.append(trouble)
            return {"error": "invalid_request", "state": asked.get("state", "")}
        if self.refuses:
            return {"error": "access_denied", "state": asked["state"]}
        code = uuid.uuid4().hex
        self.codes[code] = asked["redirect_uri"]
        return {"code": code, "state": asked["state"]}

    def _check(self, asked: dict[str, str]) -> str:
        """Return what is wrong with a signed request, or ""."""
        moment = datetime.strptime(asked["timestamp"], "%Y.%m.%d %H:%M:%S %z")
        if abs(self.now - moment) > OLDEST:
            return "stale timestamp"
        if asked["state"] in self.states:
            return "replayed state"
        signed = asked["scope"] + asked["timestamp"] + asked["client_id"] + asked["state"]
        der = base64.urlsafe_b64decode(asked["client_secret"])
        signature = der[-self.public_key.key_size // 8 :]  # the last field of a CMS of one signer
        if signed.encode() in der:
            return "not detached"
        try:
            self.public_key.verify(signature, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return "bad signature"
        self.states.add(asked["state"])
        return ""

    def answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Serve the token and the person."""
        status, body = "404 Not Found", {"error": "not_found"}
        if environ["PATH_INFO"] == "/aas/oauth2/te":
            length = int(environ["CONTENT_LENGTH"])
            form = parse_qs(environ["wsgi.input"].read(length).decode())
            status, body = self._issue({name: values[0] for name, values in form.items()})
        elif environ["PATH_INFO"] == f"/rs/prns/{self.oid}":
            token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
            if token in self.tokens:
                status, body = "200 OK", self.person
        start_response(status, [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    def _issue(self, form: dict[str, str]) -> tuple[str, dict[str, Any]]:
        trouble = self._check(form)
        if not trouble and self.codes.pop(form["code"], None) != form["redirect_uri"]:
            trouble = "unknown code"
        if trouble:
            self.troubles.append(trouble)
            return "400 Bad Request", {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "exp": int((self.now + self.lifetime).timestamp()),
            "urn:esia:sbj": {"urn:esia:sbj:oid": self.oid},
        }
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return "200 OK", {
            "access_token": token,
            "id_token": jwt.encode({"alg": "RS256"}, claims, self.key),
        }


@contextmanager
def serving(esia: FakeEsia) -> Iterator[FakeEsia]:
    """Serve on a free port of loopback."""
    server = make_server("127.0.0.1", 0, esia.answer, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    esia.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield esia
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
