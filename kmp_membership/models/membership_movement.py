from odoo import fields, models
from odoo.tools import SQL


class MembershipMovement(models.Model):
    """Comings and goings: +1 on the first day of a class period, -1 on the day after its last.

    Their running total is the number of members of a class on any day. Associates do not count.
    """

    _name = "kmp.membership.movement"
    _description = "Members by Class over Time"
    _auto = False
    _order = "date, id"
    _depends = {
        "kmp.membership": ["is_associate"],
        "kmp.membership.period": ["membership_id", "company_id", "class_id", "date_from", "date_to"],
        "kmp.stakeholder.class": ["role"],
    }

    membership_id = fields.Many2one("kmp.membership", "Member", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    class_id = fields.Many2one("kmp.stakeholder.class", readonly=True)
    role = fields.Selection(related="class_id.role")
    date = fields.Date(readonly=True)
    change = fields.Integer("Members", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT 2 * p.id AS id, p.membership_id, p.company_id, p.class_id, p.date_from AS date, 1 AS change
              FROM kmp_membership_period p JOIN kmp_membership m ON m.id = p.membership_id
             WHERE m.is_associate IS NOT TRUE
             UNION ALL
            SELECT 2 * p.id + 1, p.membership_id, p.company_id, p.class_id, p.date_to + 1, -1
              FROM kmp_membership_period p JOIN kmp_membership m ON m.id = p.membership_id
             WHERE m.is_associate IS NOT TRUE AND p.date_to IS NOT NULL
            """
        )
