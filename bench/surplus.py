"""A year's surplus from the books to shares with their hash: 100,000 members, 1,000,000 journal items. ``--scale 10`` does ten times that.

Before it a tenth of that size, for the growth, and at sizes of their own a village co-operative and a shop with the lines of
its till. Then the entry by class, the audit bundle through the verifier, and the same sums by loops over records. The floor is
the bare SQL of ``surplus_floor``.
"""

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from . import surplus_floor, surplus_loops
from .measure import Step
from .phases import phases
from .surplus_year import IMPORTED, JOURNAL, build_year


class Size(NamedTuple):
    members: int
    items: int


FULL = Size(100_000, 1_000_000)
SMALL = 0.003
VILLAGE, SHOP, LOOPS = Size(250, 6_000), Size(2_469, 1_469_307), Size(10_000, 100_000)
VILLAGE_SECONDS, SHOP_SECONDS, LEDGER_SECONDS, POST_SECONDS, VERIFY_SECONDS = 1, 4, 9, 3, 6
SHOP_RATIO, LEDGER_RATIO, GROWTH = 1.5, 1.3, 1.15
PROCESS, LARGE_PROCESS, VERIFIER = 400, 600, 2_000  # MB
PHASES = {
    "_update_warnings": "warnings",
    "_compute_surplus": "surplus",
    "_collect_weights": "weights",
    "_allocate_pools": "allocate the pools",
    "_allocate_shares": "allocate and write the shares",
    "_compute_residuals": "residuals",
    "_get_frozen_hash": "hash",
}
VERIFY = Path(__file__).parents[1] / "kmp_shu" / "engine" / "verify.py"
# Runs its arguments and prints the peak of memory of what it ran, in KB.
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=2); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"


def run(lab, size):
    part = min(lab.scale, 1)
    process = PROCESS if lab.scale <= 1 else LARGE_PROCESS
    village = build(lab, "village", VILLAGE, JOURNAL)
    compute(lab, village, limit=VILLAGE_SECONDS / lab.scale)
    shop = build(lab, "shop", scaled(SHOP, part), IMPORTED)
    shop_limit = SHOP_SECONDS * part / lab.scale
    # As its floor, which is measured twice: what is over in half a second says little the first time.
    compute(lab, shop, measure_floor(lab, shop), times=2, limit=shop_limit, ratio=SHOP_RATIO, process=PROCESS)
    tenth = build(lab, "tenth", scaled(size, 0.1), JOURNAL)
    smaller = compute(lab, tenth)
    ledger = build(lab, "ledger", size, JOURNAL)
    larger = compute(
        lab, ledger, measure_floor(lab, ledger), limit=LEDGER_SECONDS, ratio=LEDGER_RATIO, process=process
    )
    growth = {"name": "growth, ten times the size", "floor": smaller, "ratio": 10 * GROWTH}
    lab.record(replace(larger, **growth, limit=None, process=None))
    post(lab, ledger)
    verify(lab, ledger)
    loops = build(lab, "loops", scaled(LOOPS, part), JOURNAL)
    compared = compute(lab, loops)
    with lab.step("the same by loops over records", rows=loops.rows, floor=compared):
        surplus_loops.distribute(lab, loops)


def scaled(size, part):
    return Size._make(max(1, round(part * number)) for number in size)


def build(lab, name, size, source):
    with lab.step(f"build {name}", rows=size.items):
        return build_year(lab, name, *size, source)


def measure_floor(lab, year):
    return lab.record(lab.fastest(2, f"bare SQL, {year.name}", lambda: surplus_floor.distribute(lab, year)))


def compute(lab, year, floor=None, times=1, **targets):
    """Collect, freeze and compute as the accountant does, the fastest of `times`; then its phases as rows of their own."""
    step, parts = min((compute_once(lab, year) for _time in range(times)), key=lambda found: found[0].seconds)
    step = replace(step, floor=floor, **targets)
    for part in parts:
        lab.record(part)
    lab.record(step)
    if floor:
        surplus_floor.check(lab, year)
    return step


def compute_once(lab, year):
    if year.run.state != "draft":
        year.run.action_reset_to_draft()
        lab.commit()
    step = Step(f"compute {year.name}", year.rows)
    with phases(lab, year.run, PHASES) as parts, lab.measured(step):
        year.run.action_compute()
        work(lab)
    step.peak = max([step.peak, *(part.peak for part in parts)])
    year.run.invalidate_recordset()
    assert year.run.state == "computed", year.run.halted
    return step, parts


def work(lab):
    """What the server does in the background, where there are many."""
    lab.commit()
    lab.as_server()["kmp.shu.run"]._cron_process()
    lab.commit()


def post(lab, year):
    """Approve, look at the books again, and post the entry by class, which is what is judged."""
    officer_run = year.run.with_env(lab.as_user(year.officer))
    officer_run.write({"resolution": "07/RAT/2025"})
    with lab.step("approve, with the root of the proofs", rows=year.members):
        officer_run.action_approve()
        lab.commit()
    year.run.invalidate_recordset()
    year.run.posting_date = "2025-03-31"
    post_phases = {"_check_unchanged": "compare with the books", "_post_entry": "post by class"}
    with phases(lab, year.run, post_phases) as parts:
        year.run.action_post()
        work(lab)
    for part in parts:
        part.limit = POST_SECONDS / lab.scale if part.name == "post by class" else None
        lab.record(part)
    year.run.invalidate_recordset()
    assert year.run.state == "posted", year.run.halted


def verify(lab, year):
    """The audit bundle, recomputed by the verifier in a process of its own."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        with lab.step("write the bundle", rows=year.members):
            year.run._write_bundle(file)
            file.flush()
        step = Step("verify the bundle", year.members, limit=VERIFY_SECONDS, process=VERIFIER)
        command = [sys.executable, "-c", PEAK, sys.executable, VERIFY, file.name]
        with lab.measured(step):
            answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # our own
        assert answer.returncode == 0, answer.stderr
        step.peak = int(answer.stdout) / 1024
        lab.record(step)
