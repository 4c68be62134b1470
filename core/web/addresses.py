"""Which network addresses belong to the public internet."""

import ipaddress

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
CARRYING_IPV4 = tuple(map(ipaddress.ip_network, ("2001::/32", "2002::/16", "2001:db8::/32")))
"""Teredo and 6to4, which lead to IPv4 addresses inside them, and documentation."""


def is_public(address: str) -> bool:
    """Whether the address is one of the public internet: not this machine, not a network of ours, no
    link, no multicast, no address of another family in disguise. What can't be read is not."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inside = found.version == 6 and (
        found not in GLOBAL_UNICAST or any(found in network for network in CARRYING_IPV4)
    )
    return not inside and found.is_global and not found.is_multicast and not found.is_reserved
