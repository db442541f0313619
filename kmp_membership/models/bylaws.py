from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FROZEN_FIELDS = {"name", "date", "date_from", "company_id", "document"}


class Bylaws(models.Model):
    """A version of the by-laws (Anggaran Dasar): the source of every rule that is configured here.

    UU 25/1992 art. 8 makes the by-laws fix the members, the meeting, the capital and the split of the surplus. A version holds
    from its effective date until the day before the next one.
    """

    _name = "kmp.bylaws"
    _description = "By-laws"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number of the Deed", required=True, tracking=True)
    date = fields.Date("Date of the Deed", required=True, tracking=True)
    date_from = fields.Date("Effective From", required=True, tracking=True)
    date_to = fields.Date(
        "Effective Until", compute="_compute_date_to", help="The day before the next version takes effect."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    document = fields.Binary(attachment=True)
    document_name = fields.Char()
    notes = fields.Html()
    class_ids = fields.One2many("kmp.stakeholder.class", "bylaws_id", "Stakeholder Classes")

    _unique_name = models.Constraint(
        "UNIQUE (company_id, name)", "A deed with this number is already recorded."
    )
    _unique_date_from = models.Constraint(
        "UNIQUE (company_id, date_from)", "Another version of the by-laws takes effect on the same day."
    )

    term_ids = fields.One2many("kmp.share.term", "bylaws_id", "Share Terms")
    is_frozen = fields.Boolean(
        compute="_compute_is_frozen", help="Rules refer to this version: it does not change any more."
    )

    @api.depends("class_ids", "term_ids")
    def _compute_is_frozen(self):
        for bylaws in self:
            # sudo, archived too: whether a version is used does not depend on who asks
            version = bylaws.sudo().with_context(active_test=False)
            bylaws.is_frozen = bool(version.class_ids or version.term_ids)

    @api.depends("date_from", "company_id")
    def _compute_date_to(self):
        starts = {}
        for company, date_from in self._read_group(
            self._get_version_domain(self.company_id), ["company_id", "date_from:day"]
        ):
            starts.setdefault(company, []).append(date_from)
        for bylaws in self:
            later = [
                start
                for start in starts.get(bylaws.company_id, [])
                if bylaws.date_from and start > bylaws.date_from
            ]
            bylaws.date_to = min(later) - timedelta(days=1) if later else False

    @api.model
    def _get_version_domain(self, companies):
        """The versions that count, each from its day until the next one."""
        return [("company_id", "in", companies.ids)]

    def write(self, vals):
        if vals.keys() & FROZEN_FIELDS:
            for bylaws in self.filtered("is_frozen"):
                raise UserError(
                    self.env._(
                        "By-laws %(name)s: classes or share terms refer to this version, so it does not change. Record the change as "
                        "a new version.",
                        name=bylaws.name,
                    )
                )
        return super().write(vals)

    @api.constrains("date", "date_from")
    def _check_dates(self):
        for bylaws in self:
            if bylaws.date_from < bylaws.date:
                raise ValidationError(
                    self.env._(
                        "By-laws %(name)s: they take effect on %(date_from)s, before the deed of %(date)s. "
                        "Correct one of the two dates.",
                        name=bylaws.name,
                        date_from=bylaws.date_from,
                        date=bylaws.date,
                    )
                )
