"""What a picture carries of the DOT it was made from, so that a stale one is known."""

from hashlib import sha256
from struct import pack
from typing import Final
from zlib import crc32

#: Signature and first chunk of a PNG, behind which a remark may stand.
_PNG_HEAD: Final = 8 + 25


def fingerprint(dot: str) -> str:
    """The DOT's digest as an attribute of the SVG; PDF and PNG hold the same words."""
    return f'data-dot="{sha256(dot.encode()).hexdigest()}"'


def sealed_pdf(made: bytes, dot: str) -> bytes:
    """The PDF with a remark behind."""
    return made.rstrip() + f"\n% {fingerprint(dot)}\n".encode()


def sealed_png(made: bytes, dot: str) -> bytes:
    """The PNG with a remark (a tEXt chunk of its format)."""
    body = b"tEXtComment\0" + fingerprint(dot).encode()
    remark = pack(">I", len(body) - 4) + body + pack(">I", crc32(body))
    return made[:_PNG_HEAD] + remark + made[_PNG_HEAD:]
