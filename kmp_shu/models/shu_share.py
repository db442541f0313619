from odoo import api, fields, models
from odoo.tools import SQL

from .patronage_entry import Many2oneInBulk


class KmpShuShare(models.Model):
    """A member's share of one year's surplus. Written by the run alone, set-based.

    There are no foreign keys: checking them takes longer than dividing. The run deletes what it wrote, a member or a
    class with a share stays, and company and contact stay as long as the membership.
    """

    _name = "kmp.shu.share"
    _description = "SHU share"
    _log_access = False
    _order = "run_id, number"
    _rec_name = "number"

    run_id = Many2oneInBulk("kmp.shu.run", "Distribution", required=True, readonly=True)
    company_id = Many2oneInBulk("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    membership_id = Many2oneInBulk("kmp.membership", required=True, readonly=True, index=True)
    number = fields.Char("Member Number", readonly=True)
    partner_id = Many2oneInBulk("res.partner", string="Member", required=True, readonly=True)
    class_id = Many2oneInBulk(
        "kmp.stakeholder.class", readonly=True, help="The member's last class in the year."
    )
    capital_amount = fields.Monetary("Jasa Modal", readonly=True, help="Return on capital.")
    patronage_amount = fields.Monetary("Jasa Usaha", readonly=True, help="Patronage refund.")
    amount = fields.Monetary("Total", readonly=True)
    tax_amount = fields.Monetary(
        "Tax", readonly=True, help="Withheld when the share is paid, as the scheme says."
    )
    net_amount = fields.Monetary("Net", readonly=True, help="The total less the tax.")
    line_ids = fields.One2many("kmp.shu.share.line", "share_id", readonly=True)

    _member_once = models.Constraint("UNIQUE(run_id, membership_id)", "A member has one share in a run.")

    @api.depends("number", "partner_id")
    def _compute_display_name(self):
        for share in self:
            share.display_name = f"{share.number} {share.partner_id.name}"


class KmpShuShareLine(models.Model):
    """A member's part of one pool: the weight that went in and the amount that came out."""

    _name = "kmp.shu.share.line"
    _description = "SHU share line"
    _log_access = False
    _order = "share_id, pool_id"
    _rec_name = "pool_id"

    share_id = Many2oneInBulk("kmp.shu.share", required=True, readonly=True, index=True)
    pool_id = Many2oneInBulk("kmp.shu.pool", required=True, readonly=True, index=True)
    company_id = fields.Many2one(related="share_id.company_id")
    currency_id = fields.Many2one(related="share_id.currency_id")
    partner_id = fields.Many2one(related="share_id.partner_id")
    weight = fields.Float(
        readonly=True,
        digits=(16, 6),
        help="Business or capital, in the measure of the pool's base.",
    )
    total_weight = fields.Float(related="pool_id.total_weight")
    pool_amount = fields.Monetary(related="pool_id.amount", string="Pool Amount")
    amount = fields.Monetary(readonly=True)

    _weight_positive = models.Constraint("CHECK(weight > 0)", "A weight of a share line is above zero.")

    def action_open_documents(self):
        """The documents behind the weight: the rows of the same query, for this member alone."""
        self.ensure_one()
        self.check_access("read")
        line = self.pool_id.scheme_line_id
        run = self.share_id.run_id
        if line.kind == "capital":
            return self.share_id.membership_id.action_open_statement()
        stakeholder_class = self.pool_id.class_id
        return line.basis_id._prepare_documents_action(
            self.env._("Business of %(member)s", member=self.partner_id.name),
            line.basis_id._get_business_query(
                run.date_from, run.date_to, run.scheme_id.membership_policy, self.share_id.membership_id
            ),
            SQL("class_id = %s", stakeholder_class.id) if stakeholder_class else SQL("TRUE"),
        )
