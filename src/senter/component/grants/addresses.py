"""Which addresses are somebody else's public ones. Everything else is this machine or its neighbourhood.

Names do not matter here: whatever was looked up ends as addresses, and each is judged by itself.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_NEVER = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carriers' inside
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # Teredo and other tunnels
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "3fff::/20",
    )
)
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
_WIDEST_NEIGHBOURHOOD = 8


def address_of(host: str) -> Address | None:
    """The address that a host's name is, also as `0x7f.1` and the like, which look-ups take for one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_public(address: Address, near: Sequence[Network] = ()) -> bool:
    """Whether an address is a public one, and not in one of this machine's own networks."""
    plain = _carried(address)
    if any(plain in network for network in (*_NEVER, *near) if network.version == plain.version):
        return False
    if isinstance(plain, IPv6Address) and (plain not in _GLOBAL_UNICAST or _tunnels(plain)):
        return False
    return plain.is_global and not plain.is_multicast


def near_networks() -> tuple[Network, ...]:
    """The networks this machine's interfaces are in, whose addresses may look public, as IPv6 ones do."""
    import psutil

    listed = (address for addresses in psutil.net_if_addrs().values() for address in addresses)
    networks = (_network(address.address, address.netmask) for address in listed)
    return tuple(network for network in networks if network and network.prefixlen >= _WIDEST_NEIGHBOURHOOD)


def _carried(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that stands for it."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _tunnels(address: IPv6Address) -> bool:
    return (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP


def _network(address: str, netmask: str | None) -> Network | None:
    """None for what is no IP address, such as the one of the network card."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
        if netmask is None:
            return ipaddress.ip_network(found)
        length = int(ipaddress.ip_address(netmask)).bit_count()
        return ipaddress.ip_network((found, length), strict=False)
    except ValueError:
        return None
