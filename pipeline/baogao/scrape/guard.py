"""Addresses that may be connected to.

A host name is resolved here, every address that it has is checked, and the connection goes to one of the addresses that were
checked: a name server that gives another answer a moment later (rebinding) gains nothing, since nobody asks it again.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = tuple[str, int]
"""An IP address and a port."""


class ForbiddenAddressError(Exception):
    """An address that may not be connected to; the message says why."""


def forbidden(address: str) -> str | None:
    """Why an IP address may not be connected to, None for a public one.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) counts as what it leads to.

    >>> forbidden("::ffff:127.0.0.1")
    '127.0.0.1 is a loopback address'
    >>> forbidden("93.184.216.34")
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            return forbidden(str(inner))
    kinds = (
        (ip.is_loopback, "a loopback"), (ip.is_link_local, "a link-local"), (ip.is_multicast, "a multicast"),
        (ip.is_unspecified, "an unspecified"), (not ip.is_global, "a private or reserved"),
    )  # fmt: skip
    return next((f"{ip} is {kind} address" for fits, kind in kinds if fits), None)


@dataclass(slots=True)
class Guard:
    """Resolves host names to addresses that may be connected to.

    `elsewhere` sends the connections for a host and port to another address, as a hosts file does; it is checked all the same.
    `refused` keeps why a host was refused.
    """

    allow_private: bool = False
    elsewhere: Mapping[tuple[str, int], Address] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def resolve(self, host: str, port: int) -> list[Address]:
        """Addresses of a host, each of them checked. Raises ForbiddenAddressError if any is not public, OSError if none is known."""
        given = self.elsewhere.get((host, port))
        name, number = given or (host, port)
        found = [(str(info[4][0]), number) for info in socket.getaddrinfo(name, number, type=socket.SOCK_STREAM)]
        if not self.allow_private:
            for address, _ in found:
                why = forbidden(address)
                if why:
                    self.refused[host] = why
                    raise ForbiddenAddressError(why)
        return list(dict.fromkeys(found))

    def objection(self, url: str) -> str | None:
        """Why an address that names an IP directly may not be asked; None for a host name, which is checked when it is resolved."""
        host = urlsplit(url).hostname or ""
        try:
            return None if self.allow_private else forbidden(host)
        except ValueError:
            return None
