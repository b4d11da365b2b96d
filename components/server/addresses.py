"""Whose a request is."""

import ipaddress

from starlette.types import Scope


def address_of(scope: Scope) -> str:
    """The client's address, or its network where one client has many: an IPv6 /64.

    Behind a proxy uvicorn has put the visitor's own there, if the proxy is one that ``FORWARDED_ALLOW_IPS`` names.
    """
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)
