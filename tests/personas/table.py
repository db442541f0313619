"""The table as data. Nothing here knows Odoo."""

from pathlib import Path

PATH = Path(__file__).with_name("rights.txt")
NOTHING = "-"
# The columns. Everything is tried on what belongs to company 1 and, where it belongs to a member, to member A.
PERSONAS = {
    "public": "anybody who is not signed in",
    "applicant": "somebody who has applied and has portal access, on what is member A's",
    "member-a": "a member with portal access, on what is their own",
    "member-b": "a member with portal access, on what is member A's",
    "staff": "an employee without any right in the co-operative",
    "clerk": "enters applications and deposits",
    "officer": "approves, posts, reverses and configures (pengurus)",
    "supervisor": "reads everything, writes nothing (pengawas)",
    "auditor": "reads and exports everything, writes own working papers only",
    "accountant": "computes and posts the surplus; enters like a clerk",
    "officer-2": "an officer of another company, on the records of company 1",
    "admin": "may change Odoo's settings and users, has no post in the co-operative",
}


def is_listed(addon):
    """Whether the rights of an addon stand in the table.

    >>> is_listed("kmp_shu"), is_listed("mail")
    (True, False)
    """
    return addon.startswith("kmp_")


def parse(text):
    """``{section: {thing: {persona: cell}}}`` of a table in columns; a section's first line names the personas.

    >>> parse("[models] clerk admin\\n# why\\nkmp.bylaws  r  -\\n")
    {'models': {'kmp.bylaws': {'clerk': 'r', 'admin': '-'}}}
    """
    sections, columns, rows = {}, [], {}
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0].startswith("["):
            columns, rows = words[1:], sections.setdefault(words[0].strip("[]"), {})
            continue
        if len(words) != len(columns) + 1 or words[0] in rows:
            raise ValueError(f"{words[0]}: one line with {len(columns)} cells, not: {line}")
        rows[words[0]] = dict(zip(columns, words[1:], strict=True))
    return sections


def read():
    return parse(PATH.read_text())


def write_row(thing, cells, width):
    """A line of the table, to compare and to paste."""
    return f"{thing:<{width}}" + "".join(f"{cell:>{len(name) + 2}}" for name, cell in cells.items())
