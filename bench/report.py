"""The figures as lines of a table, one as soon as it is there."""

import os

HEADING = f"{'step':<44}{'rows':>11}{'seconds':>9}{'odoo':>8}{'server':>8}{'peak MB':>9}  target"


def print_heading(name, text, size):
    print(
        f"\n{name}: {text}\n{describe_size(size)}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n"
    )
    print(HEADING)
    print("-" * len(HEADING), flush=True)


def describe_size(size):
    return ", ".join(f"{value:,} {field}" for field, value in size._asdict().items())


def print_step(step):
    rows = f"{step.rows:,}" if step.rows is not None else ""
    server = f"{step.server_cpu:.2f}" if step.server_cpu is not None else ""
    print(
        f"{step.name:<44}{rows:>11}{step.seconds:>9.2f}{step.odoo_cpu:>8.2f}{server:>8}{step.peak:>9.0f}  {describe_targets(step)}".rstrip(),
        flush=True,
    )


def describe_targets(step):
    targets = []
    if step.limit is not None:
        targets.append(f"{step.limit:.4g} s")
    if step.floor:
        allowed = f" of {step.ratio}x" if step.ratio is not None else ""
        targets.append(f"{step.times_floor:.2f}x{allowed} {step.floor.name}")
    if step.memory is not None:
        targets.append(f"+{step.grown:.0f} of +{step.memory:.0f} MB")
    if step.process is not None:
        targets.append(f"{step.process:.0f} MB")
    if step.has_target:
        targets.append("OVER: " + ", ".join(step.misses) if step.misses else "ok")
    return ", ".join(targets)


def print_verdict(steps):
    """:return: whether every target was met"""
    judged = [step for step in steps if step.has_target]
    missed = [step for step in judged if step.misses]
    print(
        f"\n{len(judged) - len(missed)} of {len(judged)} targets met"
        + "".join(f"\n  over: {step.name}" for step in missed)
    )
    return not missed
