from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

TEXTS = {
    "calk": "calk",
    "officers": "officers",
    "supervisors": "supervisors",
    "plan": "plan",
    "minutes": "minutes",
}


class StatutoryWizard(models.TransientModel):
    """Ask for a statutory document and its year; see it, print it or make a workbook of it.

    All three come from the same values: `kmp.statutory.<document>`.
    """

    _name = "kmp.statutory.wizard"
    _description = "Statutory Document"
    _rec_name = "file_name"

    document = fields.Selection(
        [
            ("calk", "Notes to the Statements (CALK)"),
            ("lpea", "Members' Economic Benefit (LPEA)"),
            ("funds", "Reserves and Funds"),
            ("funding", "Use of Grants and Loans"),
            ("arrears", "Dues in Arrears"),
            ("officers", "Officers' Report"),
            ("supervisors", "Supervisors' Report"),
            ("plan", "Work Plan and Budget"),
            ("attendance", "Attendance Form"),
            ("minutes", "Minutes Form"),
        ],
        required=True,
        default="calk",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        "From", required=True, compute="_compute_date_from", store=True, readonly=False, precompute=True
    )
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: self._get_last_year_end(),
        help="The last day of the fiscal year; of a list of dues in arrears, the day on which they were owed.",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    file_name = fields.Char(compute="_compute_file_name")
    has_texts = fields.Boolean(compute="_compute_has_texts")

    @api.model
    def _get_last_year_end(self):
        """The last day of the last fiscal year that is over."""
        company = self.env.company
        today = fields.Date.context_today(self)
        return company.compute_fiscalyear_dates(today)["date_from"] - relativedelta(days=1)

    @api.depends("date_to", "company_id")
    def _compute_date_from(self):
        for wizard in self:
            if wizard.date_to:
                year = wizard.company_id.compute_fiscalyear_dates(wizard.date_to)
                wizard.date_from = year["date_from"]

    @api.depends("document", "date_to")
    def _compute_file_name(self):
        for wizard in self:
            title = wizard.env["kmp.statutory"]._get_model(wizard.document)._title.capitalize()
            wizard.file_name = f"{title} {wizard.date_to}"

    @api.depends("document")
    def _compute_has_texts(self):
        for wizard in self:
            wizard.has_texts = wizard.document in TEXTS

    @api.depends("document", "company_id", "date_from", "date_to")
    def _compute_preview(self):
        for wizard in self:
            try:
                wizard.preview = wizard._render_preview() if wizard.date_from and wizard.date_to else False
            except UserError as error:
                wizard.preview = error.args[0]

    def _render_preview(self):
        values = self.env["report.kmp_reports.statutory"]._get_values([self._get_document()])
        return self.env["ir.qweb"]._render("kmp_reports.statutory", values | {"doc_ids": []})

    @api.model
    def _get_requests(self, ids):
        """The wizards with these ids, with the rights of the user."""
        # A report may be reached with sudo: the rights that count are those of the user.
        requests = self.sudo(flag=False).browse(ids or []).exists()
        if not requests:
            raise UserError(self.env._("Open the document from its menu and choose the year it is about."))
        requests.check_access("read")
        return requests

    def _get_document(self):
        """The `Document` that is asked for."""
        self.ensure_one()
        model = self.env["kmp.statutory"]._get_model(self.document)
        return model._get_document(self.company_id, self.date_from, self.date_to)

    def action_print(self):
        self._check_readable()
        model = self.env["kmp.statutory"]._get_model(self.document)
        reference = "statutory_landscape" if model._is_landscape else "statutory"
        return self.env.ref(f"kmp_reports.action_report_{reference}").report_action(self, config=False)

    def _check_readable(self):
        self.ensure_one()
        self.env["kmp.statutory"]._check_readable(self.company_id)

    def action_export(self):
        self._check_readable()
        return self.env.ref("kmp_reports.action_report_statutory_xlsx").report_action(self, config=False)

    def action_edit_texts(self):
        """The year's own texts of the document; where there are none yet, they begin as a copy."""
        self._check_readable()
        year = self.company_id.compute_fiscalyear_dates(self.date_to)
        return self.env["kmp.report.text"]._open_year(self.company_id, year["date_to"], TEXTS[self.document])

    def action_open_comparisons(self):
        """The prices of the market that the year is compared with."""
        self._check_readable()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_reports.market_comparison_action")
        return action | {
            "domain": [("company_id", "=", self.company_id.id), ("date_to", "=", self.date_to)],
            "context": {"default_company_id": self.company_id.id, "default_date_to": self.date_to},
        }
