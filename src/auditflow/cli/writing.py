"""Documents that a command makes: to a file, or to standard output as they are."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from auditflow.errors import BadInput


def put(text: str, out: Path | None) -> None:
    """Write the document; BadInput where the file is there already or cannot be written."""
    data = text.encode("utf-8")
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    try:
        with out.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise BadInput(f"There is a file {out} already. Give another name with --out.") from error
    except OSError as error:
        raise BadInput(f"{out} cannot be written. Check its folder, or give another.") from error
    click.echo(f"Written: {out}", err=True)
