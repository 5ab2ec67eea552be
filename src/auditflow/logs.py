"""What unattended commands say while they run: an event a line, for machines or for a terminal.

Logs are no evidence, the journal is. They hold counts, audits' own references, who was turned away
and what ails the store; never a case's reference, never what somebody wrote.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

Level = Literal["debug", "info", "warning", "error"]
Form = Literal["auto", "json", "console"]

#: The most of a value that is logged, for some are typed by anybody.
LONGEST = 300
_NAME = "auditflow"

_handler: logging.Handler | None = None
_for_machines = False


def begin(level: Level, form: Form, **bound: str) -> None:
    """Log from now on, to standard error; what is bound stands in each line."""
    global _handler, _for_machines  # noqa: PLW0603 - a process has one log
    end()
    terminal = sys.stderr.isatty()
    _for_machines = form == "json" or (form == "auto" and not terminal)
    _handler = logging.StreamHandler(sys.stderr)
    _handler.setFormatter(_formatter(bound, colours=terminal))
    logging.getLogger().addHandler(_handler)
    logging.getLogger(_NAME).setLevel(level.upper())


def end() -> None:
    """Log no longer."""
    global _handler, _for_machines
    if _handler is not None:
        logging.getLogger().removeHandler(_handler)
    _handler, _for_machines = None, False


def for_machines() -> bool:
    """Whether whoever reads standard error expects lines of JSON there."""
    return _for_machines


def note(event: str, level: Level = "info", **facts: object) -> None:
    """Log an event with its facts, if anything is logged at all."""
    if _handler is None:
        return
    import structlog  # noqa: PLC0415 - slow to import, and most commands log nothing

    log = structlog.wrap_logger(
        logging.getLogger(_NAME),
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    getattr(log, level)(event, **facts)


def _formatter(bound: dict[str, str], *, colours: bool) -> logging.Formatter:
    """How each record is written, those of libraries too."""
    import structlog  # noqa: PLC0415 - slow to import, and most commands log nothing

    def complete(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
        return _harmless({**event, **bound})

    return structlog.stdlib.ProcessorFormatter(
        processors=[
            complete,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer()
            if _for_machines
            else structlog.dev.ConsoleRenderer(colors=colours),
        ]
    )


def _harmless(event: dict[str, Any]) -> dict[str, Any]:
    """Each value in one line, not too long; of an exception its kind, for it may say more."""
    match event.pop("exc_info", None):
        case (type() as kind, _, _):
            event["error"] = kind.__name__
    event.pop("stack_info", None)
    told = {name: value for name, value in event.items() if not name.startswith("_")}
    return {name: _in_line(v) if isinstance(v, str) else v for name, v in told.items()}


def _in_line(text: str) -> str:
    """The text without line breaks, marks that reorder a line, or what commands a terminal."""
    cut = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
