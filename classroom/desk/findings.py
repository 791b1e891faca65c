"""What was found in an environment, as lines for people or data for programs.

Leaves out how it is judged (`doctor`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["ok", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Args:
        subject: what was looked at.
        found: what is there.
        verdict: "ok", "warning" or "fault".
        reason: why it is not ok.
        mend: the command that mends it.
    """

    subject: str
    found: str
    verdict: Verdict = "ok"
    reason: str = ""
    mend: str = ""


def table(findings: Sequence[Finding]) -> str:
    """Return the findings as aligned lines, each fault and warning with its remedy below."""
    rows = [("looked at", "found", "verdict", "", "")]
    rows += [(one.subject, one.found, one.verdict, one.reason, one.mend) for one in findings]
    wide, wider = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = []
    for subject, found, verdict, *remedy in rows:
        lines.append(f"{subject:<{wide}}  {found:<{wider}}  {verdict}")
        lines += [f"    {line}" for line in remedy if line]
    return "\n".join([*lines, "", _sum(findings)])


def as_data(findings: Sequence[Finding]) -> dict[str, object]:
    """Return the findings as plain data: the worst verdict, then every finding."""
    verdicts = {finding.verdict for finding in findings}
    worst = next((one for one in ("fault", "warning") if one in verdicts), "ok")
    return {"verdict": worst, "findings": [asdict(finding) for finding in findings]}


def _sum(findings: Sequence[Finding]) -> str:
    faults = sum(finding.verdict == "fault" for finding in findings)
    warnings = sum(finding.verdict == "warning" for finding in findings)
    return f"faults: {faults}, warnings: {warnings}"
