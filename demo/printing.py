"""The tables that the demonstration prints."""

from .company import USERS
from .year import assumptions

INDENT = 2


def rupiah(amount):
    """
    >>> rupiah("1500000"), rupiah(0)
    ('1.500.000', '0')
    """
    return f"{int(amount):,}".replace(",", ".")


def print_table(title, heads, rows):
    """A title, then columns as wide as their content: texts to the left, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    are_numbers = [
        all(cell == "" or cell[0].isdigit() for cell in column) for column in zip(*cells, strict=True)
    ]
    print(f"\n{title}")
    for row in (heads, ["-" * width for width in widths], *cells):
        print("  " + "  ".join(map(_align, row, widths, are_numbers)).rstrip())


def _align(cell, width, is_number):
    return cell.rjust(width) if is_number else cell.ljust(width)


def print_phases(phases):
    rows = [
        (
            phase.name,
            f"{phase.rows:,}" if phase.rows else "",
            f"{phase.seconds:.2f}",
            f"{phase.speed:,}" if phase.speed else "",
        )
        for phase in phases.all
    ]
    print_table(
        "Phases", ("phase", "rows", "seconds", "rows/s"), [*rows, ("all", "", f"{phases.seconds:.2f}", "")]
    )


def print_pools(pools):
    print_table(
        "Pools (Rp)",
        ("code", "pool", "percent", "amount"),
        [
            (code, " " * INDENT * level + name, f"{percent}%", rupiah(amount))
            for level, code, name, percent, amount in pools
        ],
    )


def print_members(members):
    print_table(
        "Ten members (Rp; invented names)",
        ("number", "name", "jasa modal", "jasa usaha", "SHU"),
        [(number, name, *map(rupiah, amounts)) for number, name, *amounts in members],
    )


def print_totals(run, totals):
    print("\nThe distribution")
    facts = {
        "surplus": f"Rp{rupiah(totals['surplus'])}",
        "to members": f"Rp{rupiah(totals['distributed'])} to {run.member_count:,} members",
        "residual": f"Rp{rupiah(totals['residual'])}",
        "hash": run.hash,
        "computed by": run.computed_by_id.login,
        "approved by": f"{run.approved_by_id.login}, resolution {run.resolution}",
        "entry": f"{run.move_id.name} of {run.move_id.date}",
    }
    for name, fact in facts.items():
        print(f"  {name:<12} {fact}")


def print_assumptions():
    print("\nAssumptions")
    for assumption in assumptions():
        print(f"  - {assumption}")


def print_way_on(folder, written):
    print(f"\nWritten to {folder}/: {', '.join(written)}")
    logins = ", ".join(f"{login}/{login}" for login in ("admin", *USERS))
    print(f"\nSee it in the browser: make serve   (login/password: {logins})")
