"""What the demonstration writes: workbook, list, picture, and the inputs for an auditor."""

import re
import subprocess
import sys
from pathlib import Path

from . import outcome

SVG = re.compile(r"<svg.*</svg>", re.DOTALL)
REPORTS = {
    "shu-2017.xlsx": "kmp_reports.action_report_shu_xlsx",
    "shu-2017.pdf": "kmp_reports.action_report_shu_pdf",
}
WATERFALL, INPUTS = "waterfall.svg", "inputs.tsv"


def write_report(run, folder, name):
    """Render a report; its size, or None where the addon that has it is not installed."""
    report = run.env.ref(REPORTS[name], raise_if_not_found=False)
    if not report:
        return None
    content, _kind = report._render(report.report_name, run.ids)
    return (folder / name).write_bytes(content)


def write_waterfall(run, folder):
    """The picture on the run's screen as a file of its own."""
    picture = SVG.search(str(run.waterfall)).group()
    (folder / WATERFALL).write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{picture}\n')


def write_inputs(run, folder):
    (folder / INPUTS).write_bytes(run._get_canonical_bytes())


def verify(run, folder):
    """Recompute the run in a Python without any package; the number of members that agree."""
    script = Path(__file__).with_name("verify.py")
    output = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-I", "-S", script, folder / INPUTS], check=True, capture_output=True, text=True
    ).stdout
    found, *lines = output.splitlines()
    recomputed = dict(line.split("\t") for line in lines)
    if found != run.hash or recomputed != outcome.shares(run):
        raise SystemExit(f"The plain engine does not agree: it has {found}, the run {run.hash}.")
    return len(recomputed)
