"""The client of HTTP: the list is asked for every request, whatever the caller's address says."""

from collections.abc import Iterator

import httpx
from django.conf import settings

from foundation.transport.hosts import check_host

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=5)
MOST_BYTES = 5 * 1024 * 1024
# What callers hold and catch: the library itself is imported here only.
Client = httpx.Client
HTTPError = httpx.HTTPError
HTTPStatusError = httpx.HTTPStatusError


class AnswerIsTooLong(httpx.RequestError):
    """The other side sends more than anything we ask for has."""


class ListedTransport(httpx.BaseTransport):
    """Sends what goes to a listed host; bounds what comes back."""

    def __init__(self, inner: httpx.BaseTransport | None = None) -> None:
        self.inner = inner or _Wire(settings.EGRESS_PROXY)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check the host, send, and let the answer be read up to a bound.

        Raise `WayOutIsClosed` before anything is looked up or sent.
        """
        check_host(scheme=request.url.scheme, host=request.url.host, port=request.url.port)
        response = self.inner.handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Bounded(response.stream, request)
        return response

    def close(self) -> None:
        """Close the connections."""
        self.inner.close()


class _Wire(httpx.BaseTransport):
    """TLS goes through the egress proxy when one is set, by CONNECT: it sees the host's name only.

    A listed neighbour without TLS is spoken to directly.
    """

    def __init__(self, proxy: str) -> None:
        self.direct = httpx.HTTPTransport(limits=LIMITS, trust_env=False)
        self.tls = (
            httpx.HTTPTransport(limits=LIMITS, trust_env=False, proxy=proxy)
            if proxy
            else self.direct
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        wire = self.tls if request.url.scheme == "https" else self.direct
        return wire.handle_request(request)

    def close(self) -> None:
        self.direct.close()
        self.tls.close()


class _Bounded(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, request: httpx.Request) -> None:
        self.inner, self.request = inner, request

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self.inner:
            size += len(chunk)
            if size > MOST_BYTES:
                raise AnswerIsTooLong("the answer is too long", request=self.request)
            yield chunk

    def close(self) -> None:
        self.inner.close()


def client(purpose: str, *, inner: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a client for one purpose («esia», «sms»): close it, or use it as a context.

    It follows no redirects, reads no proxies from the environment, gives up after seconds.
    `inner` replaces the wire in tests; the list holds there too.
    """
    return httpx.Client(
        transport=ListedTransport(inner),
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": f"Okrug ({purpose})"},
    )
