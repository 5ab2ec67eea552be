"""Styles, scripts and pictures that come with the package, each under an address of its own."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, send_from_directory, url_for

from auditflow.web.branding import Look

SERVED: Final = Blueprint("assets", __name__)
_FOLDER: Final = Path(__file__).parent / "static"
_YEAR: Final = "public, max-age=31536000, immutable"


@cache
def _mark(name: str) -> str:
    return sha256((_FOLDER / name).read_bytes()).hexdigest()[:10]


def versioned(name: str) -> str:
    """The address of a file, which changes when the file does, so that it may be kept for long."""
    return url_for("assets.file", name=name, v=_mark(name))


@SERVED.get("/static/<path:name>")
def file(name: str) -> Response:
    """A file that comes with the package."""
    response = send_from_directory(_FOLDER, name)
    response.headers["Cache-Control"] = _YEAR
    return response


def look() -> Look:
    """How this council's pages look."""
    found = current_app.jinja_env.globals["look"]
    assert isinstance(found, Look)
    return found


@SERVED.get("/brand.css")
def brand() -> Response:
    """The council's colour, as a style: no page carries styles of its own."""
    css = f":root{{--af-brand:{look().colour}}}\n"
    return Response(css, mimetype="text/css", headers={"Cache-Control": "max-age=300"})


@SERVED.get("/logo")
def logo() -> Response:
    """The council's logo."""
    path = look().logo
    if path is None:
        return Response(status=404)
    response = send_from_directory(path.parent.absolute(), path.name)
    response.headers["Cache-Control"] = "max-age=300"
    return response
