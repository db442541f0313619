"""Cash flows tell assets on credit, disposals and entries without cash apart.

The template changes where it is as it came. One that an accountant has changed stays, without the new line.
"""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file, file_path

TEMPLATE = "data/mis_cash_flow.xml"
DISPOSAL = "cash_flow_row_disposal"
NEW = (
    "[('kmp_is_without_cash', '=', False)]",
    " - assets.owed",
    " + assets.owed + assets.gain",
    "disposal + ",
)


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    if all(_is_as_it_came(env, name, expression) for name, expression in _read_expressions()):
        convert_file(env, "kmp_reports", TEMPLATE, {}, mode="init")
    else:
        env.ref(f"kmp_reports.{DISPOSAL}").unlink()


def _read_expressions():
    for record in etree.parse(file_path(f"kmp_reports/{TEMPLATE}")).iterfind(
        "record[@model='mis.report.kpi']"
    ):
        expression = record.findtext("field[@name='expression']")
        if expression and record.get("id") != DISPOSAL:
            yield record.get("id"), expression


def _is_as_it_came(env, name, expression):
    for part in NEW:
        expression = expression.replace(part, "")
    line = env.ref(f"kmp_reports.{name}", raise_if_not_found=False)
    return bool(line) and line.expression == expression
