import re

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.fields import Domain

PLACEHOLDER = re.compile(r"\{(\w+)\}", re.ASCII)


class ReportText(models.Model):
    """A block of text of a yearly document: a note of the CALK, a chapter of the officers' or the supervisors' report.

    Texts without a company are defaults that come with the addon. A year's own texts begin as copies of last year's, or of the
    defaults. `{names}` in braces are filled from register and ledger when the document is made (`report_placeholders.py`).
    """

    _name = "kmp.report.text"
    _description = "Text of a Yearly Document"
    _order = "date_to desc, document, sequence, id"

    company_id = fields.Many2one("res.company", index=True, default=lambda self: self.env.company)
    date_to = fields.Date("Fiscal Year Until", help="The last day of the fiscal year.")
    document = fields.Selection(
        [
            ("calk", "Notes to the statements (CALK)"),
            ("officers", "Officers' report"),
            ("supervisors", "Supervisors' report"),
            ("plan", "Work plan"),
            ("minutes", "Minutes form"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Title", required=True)
    body = fields.Html("Text")
    table = fields.Selection(
        [
            ("members", "Members by class"),
            ("officers", "Officers and supervisors"),
            ("cash", "Cash and bank"),
            ("receivable", "Receivables"),
            ("current", "Inventory and other current assets"),
            ("fixed", "Fixed assets, with additions and reductions"),
            ("non_current", "Other non-current assets"),
            ("payable", "Trade payables"),
            ("liability", "Current liabilities, savings and funds"),
            ("long_term", "Long-term liabilities"),
            ("funding", "Grants and loans by agreement"),
            ("equity", "Equity"),
            ("income", "Income"),
            ("cost", "Cost of sales"),
            ("expense", "Expenses"),
            ("without_cash", "Investing and financing without cash"),
            ("attendance", "Form: attendance by class"),
            ("resolutions", "Form: resolutions and votes"),
        ],
        "Numbers",
        help="The table that follows the text, filled from register and ledger.",
    )

    _year_of_company = models.Constraint(
        "CHECK((company_id IS NULL) = (date_to IS NULL))",
        "A text belongs to a fiscal year of a co-operative: enter the last day of the year.",
    )

    @api.model
    def _get_texts(self, company, date_to, document):
        """The year's own texts of a document in their order, or the defaults."""
        own = self.search(self._get_year_domain(company, date_to, document), order="sequence, id")
        return own or self.search(
            self._get_year_domain(self.env["res.company"], None, document), order="sequence, id"
        )

    @api.model
    def _get_year_domain(self, company, date_to, document):
        return (
            Domain("company_id", "=", company.id)
            & Domain("date_to", "=", date_to or False)
            & Domain("document", "=", document)
        )

    @api.model
    def _prepare_year(self, company, date_to, document):
        """Make the year's own texts where there are none: copies of those of the last year that has some, or of the defaults."""
        if self.search_count(self._get_year_domain(company, date_to, document), limit=1):
            return
        last = self.search(
            [("company_id", "=", company.id), ("document", "=", document), ("date_to", "<", date_to)],
            order="date_to desc",
            limit=1,
        )
        texts = self._get_texts(company, last.date_to or date_to, document)
        self.create([vals | {"company_id": company.id, "date_to": date_to} for vals in texts.copy_data()])

    @api.model
    def _open_year(self, company, date_to, document):
        """The year's own texts of a document as a list to edit."""
        self._prepare_year(company, date_to, document)
        labels = dict(self._fields["document"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": f"{labels[document]} {date_to.year}",
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": list(self._get_year_domain(company, date_to, document)),
            "context": {
                "default_company_id": company.id,
                "default_date_to": date_to,
                "default_document": document,
            },
        }

    def _fill_in(self, values):
        """The text with its placeholders filled, as `Markup`, and the placeholders that nobody knows.

        :param values: {name: text}
        """
        self.ensure_one()
        unknown = [name for name in PLACEHOLDER.findall(self.body or "") if name not in values]
        filled = PLACEHOLDER.sub(
            lambda found: str(escape(values.get(found[1], found[0]))), str(self.body or "")
        )
        return Markup(filled), unknown  # noqa: S704 - the body is sanitized by its field, the values are escaped
