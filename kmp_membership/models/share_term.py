from odoo import api, fields, models
from odoo.exceptions import UserError


class ShareTerm(models.Model):
    """What a class owes and may hold of a share type from a day on, as the by-laws say.

    The term with the latest start on or before a day holds on that day. A term that has been used is frozen: a change is a new
    term with a later start, so that every year can be explained by the terms of its time.
    """

    _name = "kmp.share.term"
    _description = "Share Term"
    _order = "class_id, share_type_id, date_from desc"
    _check_company_auto = True

    class_id = fields.Many2one(
        "kmp.stakeholder.class", required=True, ondelete="cascade", index=True, check_company=True
    )
    share_type_id = fields.Many2one(
        "kmp.share.type", required=True, ondelete="restrict", index=True, check_company=True
    )
    company_id = fields.Many2one(related="class_id.company_id", store=True, precompute=True, index=True)
    bylaws_id = fields.Many2one("kmp.bylaws", "By-laws", check_company=True, ondelete="restrict")
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    frequency = fields.Selection(
        [
            ("once", "Once"),
            ("monthly", "Every month"),
            ("quarterly", "Every quarter"),
            ("yearly", "Every year"),
            ("free", "Free"),
        ],
        required=True,
        default="once",
    )
    amount = fields.Monetary(help="Due on entry, or per period.")
    minimum = fields.Monetary("Minimum Holding", help="While the person is a member.")
    maximum = fields.Monetary("Maximum Holding", help="Zero: no limit.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    clause = fields.Char(help="Where the by-laws say so.")

    _unique_start = models.Constraint(
        "UNIQUE (class_id, share_type_id, date_from)",
        "The class already has a term for this share type from the same day.",
    )
    _amounts_not_negative = models.Constraint(
        "CHECK (COALESCE(amount, 0) >= 0 AND COALESCE(minimum, 0) >= 0 AND COALESCE(maximum, 0) >= 0 "
        "AND (COALESCE(maximum, 0) = 0 OR COALESCE(maximum, 0) >= COALESCE(minimum, 0)))",
        "The amounts of a term are zero or more, and the maximum is not below the minimum.",
    )

    @api.depends("class_id", "share_type_id", "date_from")
    def _compute_display_name(self):
        for term in self:
            term.display_name = (
                f"{term.class_id.code} {term.share_type_id.name} {term.date_from or ''}".strip()
            )

    def write(self, vals):
        if vals.keys() - {"clause", "bylaws_id"}:
            self._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        for term in self:
            if term._is_used():
                raise UserError(
                    self.env._(
                        "The term %(term)s has been used and does not change. Enter a new term with a later start.",
                        term=term.display_name,
                    )
                )

    def _is_used(self):
        """Whether members of the class have posted operations on the share type since the term began."""
        self.ensure_one()
        # sudo: whether a term is used does not depend on who asks
        operations = self.env["kmp.share.operation"].sudo()
        domain = [
            ("state", "!=", "draft"),
            ("class_id", "=", self.class_id.id),
            ("share_type_id", "=", self.share_type_id.id),
            ("date", ">=", self.date_from),
        ]
        return bool(operations.search(domain, limit=1))

    @api.model
    def _get_terms(self, stakeholder_classes, day):
        """The terms that hold on a day: {class: {share type: term}}. Query budget: one search."""
        terms = self.search(
            [("class_id", "in", stakeholder_classes.ids), ("date_from", "<=", day)], order="date_from"
        )
        by_class = {stakeholder_class: {} for stakeholder_class in stakeholder_classes}
        for term in terms:
            by_class[term.class_id][term.share_type_id] = term
        return by_class
