from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.mis_builder.models.accounting_none import AccountingNone
from odoo.addons.mis_builder.models.expression_evaluator import ExpressionEvaluator
from odoo.addons.mis_builder.models.mis_safe_eval import DataError

from .mis_report import KINDS
from .statement_processor import ExactProcessor

ALL_KINDS = tuple(kind for kind, _label in KINDS)
# Who signs, checks or audits the statements reads them as a whole, also without the right to read single items.
READERS = (
    "account.group_account_readonly",
    "kmp_shu.group_shu_accountant",
    "kmp_membership.group_officer",
    "kmp_membership.group_supervisor",
    "kmp_membership.group_auditor",
)


class Row(NamedTuple):
    """A line of a statement. `style` is title, heading, line, sum, total or warning; `amounts` has an exact
    `Decimal` in rupiah per column, and nothing in titles and headings."""

    code: str
    label: str
    level: int
    style: str
    amounts: tuple[Decimal, ...] = ()


class Column(NamedTuple):
    """`period` stands over the columns of one year; `label` is empty where a year has one column."""

    period: str
    label: str


@dataclass(frozen=True)
class Statement:
    kind: str
    title: str
    company: models.BaseModel
    date_from: date
    date_to: date
    columns: list[Column]
    rows: list[Row]

    @property
    def period(self):
        """What stands under the title, in Indonesian."""
        if self.kind == "position":
            return f"Per {indonesian.date(self.date_to)}"
        return (
            f"Untuk periode {indonesian.date(self.date_from)} sampai dengan {indonesian.date(self.date_to)}"
        )

    @property
    def blocks(self):
        """Yields (columns, rows) as they are printed: years under each other where each has several columns."""
        count = len(self.columns)
        step = next(
            (place for place in range(1, count) if self.columns[place].label == self.columns[0].label), count
        )
        step = step if self.columns[0].label else count
        for first in range(0, count, step):
            cut = slice(first, first + step)
            yield self.columns[cut], [row._replace(amounts=row.amounts[cut]) for row in self.rows]

    @property
    def warnings(self):
        return [row for row in self.rows if row.style == "warning"]

    def amount(self, code, column=0):
        """The amount of a line, zero where the line is not shown."""
        return next((row.amounts[column] for row in self.rows if row.code == code and row.amounts), Decimal())


class KmpStatement(models.AbstractModel):
    """The statements of a company, computed through the MIS Builder templates that make them.

    A statement is what its template says, so what an accountant changes there is changed everywhere: on the screen,
    in print, in the annual pack. The amounts are exact: see `ExactProcessor`.

    Query budget: per year three statements over the journal items whatever the number of statements, one over
    the year and one per patronage source for the members' part; beside them some on accounts alone.
    """

    _name = "kmp.statement"
    _description = "Statements of the co-operative"

    @api.model
    def _read(self, company, kind, date_from, date_to, compare=True):
        """The rows of one statement, a list of `Row`; see `_read_all`."""
        return self._read_all(company, date_from, date_to, compare, kinds=(kind,))[kind].rows

    @api.model
    def _read_all(self, company, date_from, date_to, compare=True, kinds=ALL_KINDS):
        """{kind: Statement} of the period, both days included, beside the year before when `compare`.

        Columns: one per year, in changes of equity opening, additions, reductions and closing per year.
        Raises AccessError for who may not read statements of the company, UserError where a template is missing
        or a line of it cannot be computed.
        """
        self._check_readable(company)
        self._check_dates(date_from, date_to)
        self.env.flush_all()
        # sudo: a statement has totals only, and who may read them has just been checked
        reader = self.sudo().with_company(company)
        company = company.sudo().with_company(company)
        templates = {kind: reader._get_template(kind) for kind in kinds}
        matrices = {kind: template.prepare_kpi_matrix(company) for kind, template in templates.items()}
        periods = list(self._get_periods(date_from, date_to, compare))
        processor = reader._prepare_processor(company, templates.values())
        for key, period in enumerate(periods):
            reader._compute_period(processor, templates, matrices, key, period)
        return {
            kind: Statement(
                kind,
                templates[kind].name,
                company.sudo(flag=False),
                date_from,
                date_to,
                list(self._get_columns(kind, matrices[kind], periods)),
                list(self._get_rows(matrices[kind])),
            )
            for kind in kinds
        }

    @api.model
    def _check_readable(self, company):
        company.ensure_one()
        user = self.env.user
        if not self.env.su and not any(user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._(
                    "You may not read the statements of %s. Ask an officer or the accountant.",
                    company.sudo().name,
                )
            )
        if not self.env.su and company not in user.company_ids:
            raise AccessError(self.env._("You may not read the statements of another company."))

    @api.model
    def _check_dates(self, date_from, date_to):
        if date_from > date_to:
            raise UserError(
                self.env._(
                    "The first day (%(first)s) lies after the last one (%(last)s).",
                    first=date_from,
                    last=date_to,
                )
            )

    @api.model
    def _get_template(self, kind):
        template = self.env["mis.report"].search([("kmp_statement", "=", kind)], limit=1)
        if not template:
            raise UserError(
                self.env._(
                    "No template makes the statement %(statement)s. Open the MIS report template that shall, and choose "
                    "it under Co-operative Statement.",
                    statement=dict(KINDS).get(kind, kind),
                )
            )
        return template

    @api.model
    def _get_periods(self, date_from, date_to, compare):
        yield date_from, date_to
        if compare:
            year = relativedelta(years=1)
            # The last day of a February of a leap year is followed by March 1.
            yield date_from - year, date_to + relativedelta(days=1) - year - relativedelta(days=1)

    @api.model
    def _compute_period(self, processor, templates, matrices, key, period):
        """Fill the column of a period in each matrix. All templates share one reading of the journal items."""
        evaluator = ExpressionEvaluator(processor, *period)
        for kind, template in templates.items():
            template._declare_and_compute_period(
                evaluator, matrices[kind], key, "", "", no_auto_expand_accounts=True
            )

    @api.model
    def _prepare_processor(self, company, templates):
        places = self.env["account.account"]._get_places(company)
        processor = ExactProcessor(company.with_context(kmp_places=places))
        for template in templates:
            for expression in template.all_kpi_ids.expression_ids:
                processor.parse_expr(expression.name or "")
        processor.done_parsing()
        return processor

    @api.model
    def _get_columns(self, kind, matrix, periods):
        for column, (date_from, date_to) in zip(matrix.iter_cols(), periods, strict=True):
            is_year = (date_from.day, date_from.month, date_to.day, date_to.month) == (1, 1, 31, 12)
            period = str(date_to.year) if is_year and kind != "position" else indonesian.date(date_to)
            for part in column.iter_subcols():
                yield Column(period, part.label)

    @api.model
    def _get_rows(self, matrix):
        for line in matrix.iter_rows():
            style = line.kpi.style_id.kmp_row or "line"
            amounts = () if line.kpi.type == "str" else tuple(map(self._get_amount, line.iter_cells()))
            if line.style_props.hide_always or (line.style_props.hide_empty and not any(amounts)):
                continue
            yield Row(line.kpi.name, line.label, line.style_props.indent_level or 0, style, amounts)

    @api.model
    def _get_amount(self, cell):
        if isinstance(cell.val, DataError):
            kpi = cell.row.kpi
            raise UserError(
                self.env._(
                    "%(report)s: the line %(line)s cannot be computed (%(error)s). Correct its expression in the template.",
                    report=kpi.report_id.name,
                    line=kpi.description,
                    error=cell.val.name,
                )
            )
        return ExactProcessor.to_amount(0 if cell.val in (AccountingNone, None) else cell.val)
