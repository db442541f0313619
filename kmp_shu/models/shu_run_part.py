from odoo import api, fields, models
from odoo.tools import SQL

AMOUNTS = ("turnover", "cost", "margin", "common", "before_tax", "tax", "amount")


class KmpShuRunPart(models.Model):
    """A row of the table that shows where the surplus of a run comes from. Written by the run alone."""

    _name = "kmp.shu.run.part"
    _description = "Part of a surplus"
    _log_access = False
    _order = "run_id, sequence"
    _rec_name = "kind"

    run_id = fields.Many2one("kmp.shu.run", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="run_id.currency_id")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [
            ("source", "Business of members"),
            ("member", "Members"),
            ("non_member", "Non-members"),
            ("total", "Ledger"),
        ],
        required=True,
        readonly=True,
    )
    source = fields.Char(readonly=True)
    name = fields.Char(compute="_compute_name")
    turnover = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True, help="Of what was sold.")
    margin = fields.Monetary(readonly=True)
    common = fields.Monetary(
        "Common Costs",
        readonly=True,
        help="All other costs less other income. The members' business bears its part by the key of the "
        "co-operative's settings.",
    )
    before_tax = fields.Monetary(readonly=True)
    tax = fields.Monetary("Income Tax", readonly=True)
    amount = fields.Monetary("Surplus", readonly=True)

    @api.depends("kind", "source")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        sources = dict(self.env["kmp.patronage.basis"]._selection_source())
        for part in self:
            is_source = part.kind == "source"
            part.name = sources.get(part.source, part.source) if is_source else kinds[part.kind]

    def action_open_documents(self):
        """The documents of members behind a source, or the journal items of the whole result."""
        self.ensure_one()
        self.check_access("read")
        run = self.run_id
        if self.kind == "source":
            return run._get_participation_action(self.source, self.name)
        return run._get_result_action(self.name)


class KmpShuRun(models.Model):
    _inherit = "kmp.shu.run"

    part_ids = fields.One2many("kmp.shu.run.part", "run_id", string="Surplus Parts", readonly=True)

    def _write_parts(self, parts):
        """Replace the rows of the table. By SQL: the ORM would make a float of each amount."""
        rows = [
            *(("source", source, part) for source, part in parts["sources"].items()),
            *((kind, None, parts[kind]) for kind in ("member", "non_member", "total") if kind in parts),
        ]
        self.env.cr.execute(SQL("DELETE FROM kmp_shu_run_part WHERE run_id = %s", self.id))
        self.env.cr.execute(
            SQL(
                "INSERT INTO kmp_shu_run_part (run_id, sequence, kind, source, %s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, AMOUNTS)),
                SQL(", ").join(
                    SQL("%s", (self.id, place, kind, source, *(getattr(part, name) for name in AMOUNTS)))
                    for place, (kind, source, part) in enumerate(rows)
                ),
            )
        )
        self.env["kmp.shu.run.part"].invalidate_model()
        self.invalidate_recordset(["part_ids"])

    def _get_participation_action(self, source, name):
        bases = self.company_id._get_participation_bases().filtered(lambda basis: basis.source == source)
        query = bases._get_participation_query(self.date_from, self.date_to)
        rows = self.env.execute_query(SQL("SELECT document_id FROM (%s) business", query)) if bases else []
        return bases._prepare_list_action(name, self.env[source]._document_model, rows)

    def _get_result_action(self, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "view_mode": "list,pivot,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", self.date_from),
                ("date", "<=", self.date_to),
                ("account_id.internal_group", "in", ("income", "expense")),
            ],
            "context": {"create": False, "search_default_group_by_account": 1},
        }
