from odoo import api, fields, models


class KmpShuPool(models.Model):
    """A node of one year's waterfall: a scheme line, or the part of a class in it."""

    _name = "kmp.shu.pool"
    _description = "SHU pool"
    _order = "run_id, sequence, id"

    run_id = fields.Many2one("kmp.shu.run", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    currency_id = fields.Many2one(related="run_id.currency_id")
    scheme_line_id = fields.Many2one("kmp.shu.scheme.line", required=True, readonly=True, ondelete="restrict")
    parent_id = fields.Many2one("kmp.shu.pool", readonly=True, ondelete="cascade")
    class_id = fields.Many2one("kmp.stakeholder.class", readonly=True, ondelete="restrict")
    sequence = fields.Integer(readonly=True, help="Place in the tree, from top to bottom.")
    line_sequence = fields.Integer(readonly=True, help="Place of the line in the scheme.")
    level = fields.Integer(readonly=True)
    code = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    kind = fields.Selection(related="scheme_line_id.kind", store=True)
    percent = fields.Float(digits=(9, 6), readonly=True, help="Percent of the node above.")
    amount = fields.Monetary(readonly=True)
    residual = fields.Monetary(
        readonly=True, help="What rounding leaves at this node; it goes to the first reserve."
    )
    account_id = fields.Many2one(related="scheme_line_id.account_id")
    citation = fields.Char(related="scheme_line_id.citation")
    line_ids = fields.One2many("kmp.shu.share.line", "pool_id")
    total_weight = fields.Float(readonly=True, digits=(16, 6))

    @api.depends("name", "code", "class_id", "parent_id")
    def _compute_display_name(self):
        for pool in self:
            names = [pool.parent_id.name, pool.name] if pool.class_id else [pool.name]
            pool.display_name = f"{pool.code} {' / '.join(name or '' for name in names)}"

    def action_open_lines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_share_line_action")
        return {**action, "domain": [("pool_id", "child_of", self.ids)]}
