"""The network a request came from: what a school's class shares, and a guesser cannot change often.

An IPv4 address stands for itself, an IPv6 one for its /64. Behind proxies of ours the address is
the last one they did not write themselves (`OKRUG_TRUSTED_PROXIES`, 0 when there is none).
"""

from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"  # noqa: S104 no address to bind to: the name of an unknown network


def network_of(request: HttpRequest) -> str:
    """Return the network of a request."""
    count = settings.OKRUG_TRUSTED_PROXIES
    address = request.META.get("REMOTE_ADDR", "")
    if count:
        told = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
        address = told[-count] if len(told) >= count else address
    return name_network(address)


def name_network(address: str) -> str:
    """Return the network an address lies in; what is no address lies nowhere."""
    try:
        known = ip_address(address)
    except ValueError:
        return NOWHERE
    if isinstance(known, IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ip_network((known, 64), strict=False).network_address)
