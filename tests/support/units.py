"""systemd's units as data: every line, in its section."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

DEPLOY = Path(__file__).parents[2] / "deploy"

#: Every option that the units here use; another is misspelled, or is to be added knowingly.
OPTIONS = {
    "Unit": {"Description", "After", "Wants", "StartLimitIntervalSec"},
    "Timer": {"OnCalendar", "Persistent", "RandomizedDelaySec"},
    "Install": {"WantedBy"},
    "Service": {
        "CapabilityBoundingSet", "Environment", "ExecStart", "ExecStartPost", "LoadCredential",
        "LockPersonality", "NoNewPrivileges", "PrivateDevices", "PrivateNetwork", "PrivateTmp",
        "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname",
        "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc",
        "ProtectSystem", "ReadWritePaths", "Restart", "RestartSec", "RestrictAddressFamilies",
        "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "StateDirectory",
        "StateDirectoryMode", "SystemCallArchitectures", "SystemCallFilter", "TimeoutStartSec",
        "TimeoutStopSec", "Type", "UMask", "User", "WorkingDirectory",
    },
}  # fmt: skip


class Line(NamedTuple):
    """One setting of a unit."""

    section: str
    name: str
    value: str


def lines(path: Path) -> list[Line]:
    """Every setting; AssertionError for what is none."""
    found, section = [], ""
    for raw in path.read_text(encoding="utf-8").splitlines():
        if not raw or raw.startswith("#"):
            continue
        if raw.startswith("["):
            section = raw.strip("[]")
            assert raw == f"[{section}]", raw
            continue
        name, sign, value = raw.partition("=")
        assert (sign, name, value) == ("=", name.strip(), value.strip()), raw
        found.append(Line(section, name, value))
    return found


def values(path: Path, name: str) -> list[str]:
    """Every value of one option."""
    return [line.value for line in lines(path) if line.name == name]
