"""The long run: every test, each as often as it takes, part by part; one that was stopped goes on.

    ./run check --long              all parts, one after another
    ./run check --long --go-on      those that have not passed yet with the files as they are now
    ./run check --long --only NAME  one part; what stands behind it goes to pytest

What passed is noted in .long/, under a hash of all files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parent
KEPT: Final = TESTS.parent / ".long"
#: A file of tests belongs to the first part that names it; the last takes all that is left.
PARTS: Final[dict[str, tuple[str, ...]]] = {
    "unit": ("unit/*",),
    "scenarios": ("acceptance/test_scenario_*",),
    "commands": ("acceptance/*",),
    "pages": ("browser/*", "integration/web/*"),
    "faults": ("integration/test_faults_*",),
    "kills": ("integration/test_kill_nine.py", "integration/test_migrations.py"),
    "stores": ("integration/*",),
    "looks": ("properties/test_looks.py",),
    "histories": ("*",),
}


def parts() -> dict[str, list[str]]:
    """The files of each part."""
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for path in sorted(TESTS.rglob("test_*.py")):
        file = path.relative_to(TESTS).as_posix()
        part = next(p for p, names in PARTS.items() if any(fnmatch(file, n) for n in names))
        found[part].append(f"tests/{file}")
    return found


def tree() -> str:
    """A hash of all files as they are now, committed or not."""
    there = os.environ | {"GIT_INDEX_FILE": str(KEPT / "index")}
    for words in (("add", "--all"), ("write-tree",)):
        git = ["git", *words]
        done = subprocess.run(
            git, cwd=TESTS.parent, env=there, capture_output=True, text=True, check=True
        )
    return done.stdout.strip()


def run(part: str, files: Iterable[str], words: Sequence[str]) -> bool:
    """Run one part; whether it passed. What was narrowed by more words is not noted."""
    begun, before = time.monotonic(), tree()
    command = [sys.executable, "-m", "pytest", *files, *words]
    passed = subprocess.run(
        command, cwd=TESTS.parent, env=os.environ | {"AUDITFLOW_LONG": "1"}, check=False
    )
    took = f"{(time.monotonic() - begun) / 60:.1f} min"
    if passed.returncode:
        print(f"{part}: failed after {took}", flush=True)
        return False
    if not words and tree() == before:
        (KEPT / f"{before}-{part}").touch()
    print(f"{part}: passed in {took}", flush=True)
    return True


def main() -> int:
    """Run what was asked for; 1 where a part failed."""
    reads = argparse.ArgumentParser(prog="./run check --long", description=__doc__.splitlines()[0])
    reads.add_argument("--only", choices=PARTS, help="this part alone")
    reads.add_argument("--go-on", action="store_true", help="leave out what has passed")
    asked, words = reads.parse_known_args()
    KEPT.mkdir(exist_ok=True)
    now, failed = tree(), []
    for part, files in parts().items():
        if asked.only not in (None, part):
            continue
        if asked.go_on and (KEPT / f"{now}-{part}").exists():
            print(f"{part}: has passed", flush=True)
        elif not run(part, files, words):
            failed.append(part)
    if failed:
        print(f"Failed: {', '.join(failed)}. Mend it, or go on: ./run check --long --go-on")
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main())
