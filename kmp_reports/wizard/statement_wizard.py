from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.mis_report import KINDS
from ..models.statement import ALL_KINDS
from ..report.statutory_statements import Reading

FILE_NAMES = {
    "all": "Laporan Keuangan",
    "position": "Laporan Posisi Keuangan",
    "result": "Perhitungan Hasil Usaha",
    "result_plain": "Perhitungan Hasil Usaha Ringkas",
    "equity": "Laporan Perubahan Ekuitas",
    "cash_flow": "Laporan Arus Kas",
}


class StatementWizard(models.TransientModel):
    """Ask for the year and the statement; then open it on the screen, print it or make a workbook of it."""

    _name = "kmp.statement.wizard"
    _description = "Open a Statement"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        [("all", "All Statements"), *KINDS], "Statement", required=True, default="position"
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    is_compared = fields.Boolean("Beside the Year Before", default=True)
    file_name = fields.Char(compute="_compute_file_name")

    @api.model
    def default_get(self, fields_list):
        """The last fiscal year that has ended."""
        defaults = super().default_get(fields_list)
        today = fields.Date.context_today(self)
        year = self.env.company.compute_fiscalyear_dates(today - relativedelta(years=1))
        return {"date_from": year["date_from"], "date_to": year["date_to"], **defaults}

    @api.depends("kind", "date_to")
    def _compute_file_name(self):
        for wizard in self:
            wizard.file_name = f"{FILE_NAMES[wizard.kind]} {wizard.date_to}"

    def action_open(self):
        """The statement in MIS Builder, with the journal items behind each amount; of all, the first."""
        self._check_readable()
        if not self.env["account.move.line"].has_access("read"):
            raise AccessError(
                self.env._(
                    "The statement on the screen leads to journal items, which you may not read. Print it, or make a workbook."
                )
            )
        instance = self._get_instance(self._get_kinds()[0])
        # The screen of MIS Builder finds its report by the record that is active.
        context = {"active_model": instance._name, "active_id": instance.id, "active_ids": instance.ids}
        return {**instance.preview(), "name": instance.name, "context": context}

    def action_print(self):
        self._check_readable()
        return self.env.ref("kmp_reports.action_report_statement_pdf").report_action(self, config=False)

    def action_export(self):
        self._check_readable()
        return self.env.ref("kmp_reports.action_report_statement_xlsx").report_action(self, config=False)

    def action_check(self):
        """The accounts that no line of the statements takes, and those that two take."""
        self._check_readable()
        return self.env["kmp.statement.account"]._open(self.company_id, self.date_from, self.date_to)

    def _check_readable(self):
        self.ensure_one()
        statements = self.env["kmp.statement"].sudo(flag=False)
        statements._check_readable(self.company_id)
        statements._check_dates(self.date_from, self.date_to)

    def _get_kinds(self):
        return ALL_KINDS if self.kind == "all" else (self.kind,)

    @api.model
    def _get_requests(self, ids):
        """The wizards with these ids, with the rights of the user. Raises UserError without any."""
        # A report may be reached with sudo: the rights that count are those of the user.
        requests = self.sudo(flag=False).browse(ids or []).exists()
        if not requests:
            raise UserError(self.env._("Open the statements from their menu and choose the period."))
        requests.check_access("read")
        return requests

    def _get_documents(self):
        """Each statement that is asked for as a document of the annual report; the ledger is read once for all."""
        self._check_readable()
        documents = self.env["kmp.statutory"].with_context(
            kmp_reading=Reading(), kmp_is_compared=self.is_compared
        )
        period = self.company_id, self.date_from, self.date_to
        return [documents._get_model(kind)._get_document(*period) for kind in self._get_kinds()]

    # On the screen

    def _get_instance(self, kind):
        """The report of MIS Builder for the statement and period. It is kept, with what people noted on it."""
        # sudo: who may read a statement opens it, without the right to configure reports
        instances = self.env["mis.report.instance"].sudo()
        vals = self._prepare_instance_vals(kind)
        found = instances.search(
            [(name, "=", vals[name]) for name in ("report_id", "company_id", "name")], limit=1
        )
        return (found or instances.create(vals)).sudo(flag=False)

    def _prepare_instance_vals(self, kind):
        template = self.env["kmp.statement"]._get_template(kind)
        periods = list(self.env["kmp.statement"]._get_periods(self.date_from, self.date_to, self.is_compared))
        return {
            "name": f"{FILE_NAMES[kind]} {' / '.join(self._get_period_name(*period) for period in periods)}",
            "report_id": template.id,
            "company_id": self.company_id.id,
            "landscape_pdf": kind == "equity",
            "date": self.date_to,
            "period_ids": [
                Command.create(
                    {
                        "name": self._get_period_name(*period),
                        "sequence": sequence,
                        "mode": "fix",
                        "manual_date_from": period[0],
                        "manual_date_to": period[1],
                    }
                )
                for sequence, period in enumerate(periods)
            ],
        }

    @api.model
    def _get_period_name(self, date_from, date_to):
        is_year = date_from + relativedelta(years=1) == date_to + relativedelta(days=1)
        return str(date_to.year) if is_year else f"{date_from} - {date_to}"
