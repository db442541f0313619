"""``docs/security.md`` from the table: for people, and never written by hand."""

from pathlib import Path

from . import table

PATH = Path(__file__).parents[2] / "docs" / "security.md"
HEAD = """\
# Who may do what

Written from `tests/personas/rights.txt` by `python -m tests.personas`. Each cell is tried as that user by
`tests/test_personas.py`, which also fails when a model, a public method, a report or an address of the addons is missing here.

Odoo's own administrator (user 1) and programs that run as it are outside of these rights.
"""
SECTIONS = {
    "models": """\
## Records

`r` read, `w` write, `c` create, `d` delete. What the rights allow, the state of a record may still forbid: a posted operation is
reversed and not deleted, a member with a number stays in the register. A wizard is seen only by who opened it.""",
    "fields": """\
## Fields that fewer people see

National id and personal data are for officers. Bank accounts of members are for the officers of the member's co-operative and for
accounting. The phone number belongs to Odoo's contact, which every employee of the company reads.""",
    "methods": """\
## Actions

What a button does, or a program that calls Odoo from outside.""",
    "reports": """\
## Documents

Printed documents and workbooks. The register shows national id and personal data only when an officer prints it.""",
    "routes": """\
## Addresses

What a browser gets that knows the address and guesses the number of a record.""",
}
SIGNS = {table.NOTHING: "", "yes": "✓"}


def write(sections):
    """The whole document as text."""
    parts = [HEAD, "## Who is who\n", *_write_personas()]
    for name, text in SECTIONS.items():
        parts += ["", text, "", *_write_table(sections[name])]
    return "\n".join(parts) + "\n"


def _write_personas():
    yield "| | |"
    yield "|---|---|"
    for persona, description in table.PERSONAS.items():
        yield f"| {_title(persona)} | {description} |"


def _write_table(rows):
    yield "| | " + " | ".join(map(_title, table.PERSONAS)) + " |"
    yield "|---|" + ":-:|" * len(table.PERSONAS)
    for thing, cells in rows.items():
        signs = (SIGNS.get(cells[persona], cells[persona]) for persona in table.PERSONAS)
        yield f"| `{thing}` | " + " | ".join(signs) + " |"


def _title(persona):
    """
    >>> _title("member-a")
    'Member A'
    """
    return persona.replace("-", " ").title()
