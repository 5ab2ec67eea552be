"""Addresses of stores: with the password that is kept apart, and without any for people to see."""

import re
from urllib.parse import quote, urlsplit

_PASSWORDS = (
    re.compile(r"(?<=://)([^:/?#]*):.*(?=@)"),
    re.compile(r"(?<=[?&])([a-z]*password)=[^&]*"),
)


def masked(address: str) -> str:
    """The address as it may be shown: rather too much of it hidden than a part of a password."""
    user, query = _PASSWORDS
    return query.sub(r"\1=***", user.sub(r"\1:***", address))


def with_password(address: str, password: str) -> str:
    """The address with this password, if it is of a server and has none."""
    if not address.startswith("postgres"):
        return address
    parts = urlsplit(address)
    if parts.password is not None:
        return address
    user, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()
