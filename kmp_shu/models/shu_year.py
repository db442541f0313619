from odoo import api, fields, models
from odoo.exceptions import UserError


class KmpShuYear(models.AbstractModel):
    """What the meeting resolves about one year of a company, and one entry carries out: the distribution of its surplus, or how
    its loss is borne."""

    _name = "kmp.shu.year"
    _description = "Decision on a year"
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.shu.step"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Year From", required=True, default=lambda self: self._default_year()["date_from"]
    )
    date_to = fields.Date("Year To", required=True, default=lambda self: self._default_year()["date_to"])
    resolution = fields.Char(
        copy=False,
        tracking=True,
        help="Number of the resolution of the members' meeting (UU 25/1992 art. 23).",
    )
    posting_date = fields.Date(copy=False, tracking=True, help="Accounting date of the entry.")
    move_id = fields.Many2one("account.move", "Entry", readonly=True, copy=False, ondelete="restrict")
    reversal_move_id = fields.Many2one(
        "account.move", "Reversal", readonly=True, copy=False, ondelete="restrict"
    )

    _dates_ordered = models.Constraint("CHECK(date_to >= date_from)", "A year cannot end before it begins.")

    @api.model
    def _default_year(self):
        """The last fiscal year of the company that has ended: `date_from` and `date_to`."""
        company = self.env.company
        current = company.compute_fiscalyear_dates(fields.Date.context_today(self))
        return company.compute_fiscalyear_dates(fields.Date.subtract(current["date_from"], days=1))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
            self._check_one_live(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_sealed(vals)
        return super().write(vals)

    def _check_one_live(self, vals):
        """Name the document that is in the way, before the constraint refuses the new one."""
        year = self.default_get(["company_id", "date_from", "date_to"]) | vals
        other = self.search(
            [
                ("company_id", "=", year["company_id"]),
                ("state", "!=", "reversed"),
                ("date_from", "<=", year["date_to"]),
                ("date_to", ">=", year["date_from"]),
            ],
            order="id",
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "%(company)s already has %(document)s of a part of this year: %(year)s. "
                    "Open that one, or reverse or delete it first.",
                    company=other.company_id.name,
                    document=self._get_noun(),
                    year=other.display_name,
                )
            )

    def action_open_move(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
