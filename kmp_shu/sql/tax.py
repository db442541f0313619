"""What is withheld from a member's share; `engine/tax.py` is the twin."""

from odoo.tools import SQL

BASES = {"all": SQL("capital + patronage"), "capital": SQL("capital"), "patronage": SQL("patronage")}


def withheld(tax, unit: SQL) -> SQL:
    """Whole rounding units from the columns `capital` and `patronage`; `tax` is the engine's."""
    if not tax.percent:
        return SQL("0::numeric")
    return SQL(
        """CASE WHEN %(base)s > %(exempt)s
                THEN DIV((%(base)s) * %(percent)s, 100 * %(unit)s) * %(unit)s
                ELSE 0 END""",
        base=BASES[tax.base],
        exempt=SQL("%s::numeric", str(tax.exempt)),
        percent=SQL("%s::numeric", str(tax.percent)),
        unit=unit,
    )
