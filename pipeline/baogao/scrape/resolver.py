"""The guard as Twisted's resolver of host names: every connection of the crawl is made to an address that it checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from zope.interface import implementer

from baogao.scrape.guard import Address, Guard


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """A look-up in a thread runs to its end; its answer is then dropped by the caller."""


@implementer(IHostnameResolver)
class CheckedResolver:
    """Made by Scrapy, which passes the reactor; the guard is an attribute of the class (see `resolver_with`)."""

    guard: Guard

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> CheckedResolver:
        """How Scrapy makes one."""
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's own resolver."""
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Hand over the checked addresses; none where the host is refused or not known."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def hand_over(found: list[Address] | Failure) -> None:
            for host, port in () if isinstance(found, Failure) else found:
                kind = IPv6Address if ":" in host else IPv4Address
                resolutionReceiver.addressResolved(kind("TCP", host, port))
            resolutionReceiver.resolutionComplete()

        looked_up = deferToThreadPool(self._reactor, self._reactor.getThreadPool(), self.guard.resolve, hostName, portNumber)
        looked_up.addBoth(hand_over)
        return resolution


def resolver_with(guard: Guard) -> type[CheckedResolver]:
    """A resolver class for Scrapy's settings, which take no objects."""
    return type("GuardedResolver", (CheckedResolver,), {"guard": guard})
