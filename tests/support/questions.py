"""The 28 questions a QA team asks, each with its command; `docs/questions.md` is made from them.

Run as `PYTHONPATH=tests python -m support.questions` to write that file anew.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from click.testing import CliRunner

from auditflow.cli import main
from auditflow.demo import tell

#: The moment at which the demo is asked.
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ASKS = "quinn"
DOCUMENT = Path(__file__).parents[2] / "docs" / "questions.md"


class Question(NamedTuple):
    """A question, the command that answers it, and what a line of the answer looks like."""

    n: int
    asks: str
    command: str
    line: str


QUESTIONS = (
    Question(1, "Which cases are in this month's sample; who drew it, from how many, excluding whom and why?", "round show 2026-03", r"Pool +\d+ of \d+ cases on the list as at [\d-]+"),
    Question(2, "Was it distributed a month ahead? If not, how late?", "report distribution", r"2026-04 +\d+ +\d+ +\d+"),
    Question(3, "Which audits have no meeting date yet? Which are booked for the last week?", "report meetings", r"2026-04-\d{3} .* - +2026-04-30"),
    Question(4, "Which key workers have not confirmed the file check?", "report file-checks", r"\w+ \w+ +2026-0\d-\d{3} +2026-.*"),
    Question(5, "Which meetings were cancelled, how often, by whom?", "report cancellations", r"Meetings changed"),
    Question(6, "Held so far against expected, this month and year to date, by service and auditor?", "report completion", r"since 2025-04 +\d+ +\d+ +[\d.]+"),
    Question(7, "Which will miss the month? Which were extended or exempted, by whom, why?", "report month", r"2026-01-\d{3} +exempt +.*Bram Kessler.*"),
    Question(8, "Held but not submitted?", "report unsubmitted", r"2026-02-\d{3} .* yes"),
    Question(9, "Grades: counts and shares, by need type, service, team, element; trend over 3, 6, 12 months?", "report grades", r"last 6 months +\d+ .*"),
    Question(10, "Which grades are disputed now; at which level; since when? How were past disputes settled, and whose grade stood?", "report disputes", r"2025-12-\d{3} +Requires.*decision.*"),
    Question(11, "Moderated how many; how many changed; up or down; which auditors run lenient or harsh?", "report moderation", r"2026-\d\d-\d{3} .*unchanged"),
    Question(12, "Every Inadequate: what was done, by when, re-audit date, grade then and now?", "report inadequate", r"2026-01-\d{3} .*Inadequate +Inadequate .*"),
    Question(13, "Any child at immediate risk right now, and who has acknowledged it?", "report concerns", r"Open +Not acknowledged"),
    Question(14, "Immediate actions due today, in 2 days, overdue, done in 5 working days (%)?", "report immediate-actions", r"2025-12-\d{3} +action 1 .* yes"),
    Question(15, "Supervision reviews due, overdue, held in a month (%)?", "report supervision", r"\d+ +\d+ +\d+ +\d+ +[\d.]+"),
    Question(16, "Agreed actions: open, due, overdue, extended (how often), done but not filed?", "report agreed-actions", r"2026-01-\d{3} +2 .* yes .*"),
    Question(17, "What does each manager owe this week?", "report owed", r"Responsible manager +\d+ +\d+"),
    Question(17, "What do I owe?", "work", r"\d{4}-\d\d-\d\d +(OVERDUE)? +2.*"),
    Question(18, "Open escalations by level and trigger, oldest first; days left; who has not answered?", "report escalations", r"2025-12-\d{3} +T3 .*"),
    Question(19, "What reached the Assistant Director or Director this quarter, and why?", "report directors", r"L5 +T6 +Audit not held .*"),
    Question(20, "Who is blocking a given audit from closing: which guard is unmet?", "audit show 2026-02-003", r".*still needed: .*"),
    Question(21, "Which cases, workers and teams have not been audited for 12 months; who has been audited too often?", "report coverage", r"Assessment East +\d+ +\d+"),
    Question(22, "Which auditors are overloaded, untrained or conflicted?", "report auditors", r"Hassan Ashdown +\d+ .*"),
    Question(23, "What themes come up (six elements), and what has been done about them?", "report themes", r"Planning & Review +\d+ +\d+ .*"),
    Question(24, "Did family feedback feature, and what did it say?", "report feedback", r"2026-\d\d-\d{3} .*They know whom to ring.*"),
    Question(25, "What would we hand Ofsted tomorrow morning for the last six months?", "export audits --from 2025-09-20 --to 2026-03-20", r"CF-\d+,2025-12-001,.*"),
    Question(26, "What did this record say on a given past date; who changed it since?", "audit show 2025-12-003 --as-at 2025-12-23", r" +grade: .*"),
    Question(27, "Which deadlines moved when the calendar or a setting changed?", "report moved-deadlines", r"Audits +Deadlines +Earlier than before"),
    Question(28, "Which withdrawn audits were substituted, and is any team over-represented among withdrawals?", "report withdrawals", r"2025-12-\d{3} .*The case has closed\."),
)  # fmt: skip

_HEAD = """# The questions a QA team asks

Each question of the framework has its command. The line beside it is from the demo on 20 March
2026, at noon; a test asks every question again and compares. `--json` gives the same as one
document, `--now` asks at another moment. What is shown are the audits that the one who asks may
see; a board reader sees figures only, without any name, and none under 5.

| # | Question | Command (`auditflow …`) | A line of the answer |
| --- | --- | --- | --- |
"""


def asked(db: Path, command: str, *more: str, who: str = ASKS) -> str:
    """What a command prints on the demo at that moment."""
    typed = [*shlex.split(command), *more, "--db", str(db), "--as", who]
    result = CliRunner().invoke(main, [*typed, "--now", NOW.isoformat()])
    assert result.exit_code == 0, (command, result.output)
    return result.stdout


def document(answers: Callable[[str], str]) -> str:
    """The file, made from what the commands print."""
    return _HEAD + "".join(_row(q, answers(q.command)) for q in QUESTIONS)


def _row(q: Question, answer: str) -> str:
    found = next((line for line in answer.splitlines() if re.fullmatch(q.line, line)), None)
    assert found is not None, f"question {q.n}, {q.command}: no line like {q.line}\n{answer}"
    sample = " ".join(found.split()).replace("|", "\\|")
    return f"| {q.n} | {q.asks} | `{q.command}` | `{sample}` |\n"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        tell(Path(folder), NOW).close()
        DOCUMENT.write_text(document(lambda c: asked(Path(folder) / "demo.db", c)), "utf-8")
