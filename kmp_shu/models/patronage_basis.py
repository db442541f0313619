from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kmp_membership.tools import KEY_CHECK

MEASURE_DIGITS = (16, 6)
DECISIVE = {
    "code",
    "source",
    "measure",
    "account_ids",
    "product_category_ids",
    "class_ids",
    "weight_ids",
    "floor",
    "cap",
}


class KmpPatronageBasis(models.Model):
    """What counts as a member's business: one source, one measure, and which part of it.

    How the documents are read and weighed stands in `patronage_basis_query.py`.
    """

    _name = "kmp.patronage.basis"
    _description = "Patronage basis"
    _inherit = ["mail.thread"]
    _order = "code"
    _check_company_auto = True

    code = fields.Char(required=True, tracking=True)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    source = fields.Selection(
        selection="_selection_source",
        required=True,
        default="kmp.patronage.source.invoice",
        tracking=True,
    )
    measure = fields.Selection(
        [("value", "Value"), ("quantity", "Quantity"), ("margin", "Margin"), ("hours", "Hours")],
        required=True,
        default="value",
        tracking=True,
        help="Value: without tax, in company currency. Quantity: in the product's own unit of measure. "
        "Margin: value less the cost of the goods that the document knows.",
    )
    account_ids = fields.Many2many(
        "account.account",
        string="Accounts",
        check_company=True,
        help="The accounts whose journal items count.",
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Only products of these categories and of those below them count. Empty: all.",
    )
    class_ids = fields.Many2many(
        "kmp.stakeholder.class",
        string="Classes",
        check_company=True,
        help="Only business done as a member of these classes counts. Empty: all.",
    )
    weight_ids = fields.One2many(
        "kmp.patronage.basis.weight",
        "basis_id",
        string="Quality Weights",
        copy=True,
        help="What a product category counts, as a factor of its measure. The closest category upward "
        "decides; a product without one counts once.",
    )
    floor = fields.Float(
        "Least Business",
        digits=MEASURE_DIGITS,
        help="A member with less in the year does not count at all. In the measure, after weights; 0 is none.",
    )
    cap = fields.Float(
        "Most Business",
        digits=MEASURE_DIGITS,
        help="What a member has above this in the year does not count. In the measure, after weights; "
        "0 is none.",
    )
    is_participation = fields.Boolean(
        "Is Members' Income",
        tracking=True,
        help="The value and cost of this business make up the members' part of the surplus (partisipasi "
        "anggota). A line that several such bases read counts once.",
    )
    source_is_income = fields.Boolean(compute="_compute_source_is_income")
    import_ids = fields.Many2many(
        "kmp.patronage.import", relation="kmp_patronage_import_basis_rel", readonly=True, copy=False
    )
    note = fields.Text(help="The clause of the by-laws or the decision that it comes from.")

    _code_unique = models.Constraint(
        "UNIQUE(company_id, code)", "Another patronage basis of the company has this code."
    )
    _code_plain = models.Constraint(
        KEY_CHECK % ("code", "code"),
        "The code of a patronage basis holds no TAB, line break or backslash.",
    )

    _limits_ordered = models.Constraint(
        "CHECK(floor >= 0 AND (cap = 0 OR cap >= floor))",
        "The least business of a patronage basis is zero or more, and the most not below it.",
    )

    @api.model
    def _selection_source(self):
        IrModel = self.env["ir.model"]
        sources = self.env["kmp.patronage.source"]._get_sources()
        return [(name, IrModel._get(name).name) for name in sources]

    @api.depends("source")
    def _compute_source_is_income(self):
        for basis in self:
            basis.source_is_income = bool(basis.source) and self.env[basis.source]._is_income

    @api.depends("code", "name")
    def _compute_display_name(self):
        for basis in self:
            basis.display_name = f"{basis.code} {basis.name}"

    @api.constrains("source", "account_ids")
    def _check_accounts(self):
        for basis in self:
            if basis.source == "kmp.patronage.source.journal" and not basis.account_ids:
                raise ValidationError(
                    self.env._(
                        "Patronage basis %(basis)s reads journal items: choose the accounts.",
                        basis=basis.display_name,
                    )
                )

    @api.constrains("source", "measure", "is_participation")
    def _check_measure(self):
        for basis in self:
            source = self.env[basis.source]
            if basis.measure not in source._measures:
                raise ValidationError(
                    self.env._(
                        "Patronage basis %(basis)s: %(documents)s cannot be measured in that way. Choose one "
                        "of: %(measures)s.",
                        basis=basis.display_name,
                        documents=basis._get_label("source"),
                        measures=", ".join(map(basis._get_measure_label, source._measures)).lower(),
                    )
                )
            if basis.is_participation and not source._is_income:
                raise ValidationError(
                    self.env._(
                        "Patronage basis %(basis)s: %(documents)s are no income of the co-operative. The "
                        "members' part of the surplus is made of what it sells to them.",
                        basis=basis.display_name,
                        documents=basis._get_label("source"),
                    )
                )

    def _get_label(self, name):
        """The label of the chosen value of a selection field, in the user's language."""
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _get_measure_label(self, measure):
        return dict(self._fields["measure"]._description_selection(self.env))[measure]

    @api.onchange("source")
    def _onchange_source(self):
        source = self.env[self.source] if self.source else None
        if source is not None and self.measure not in source._measures:
            self.measure = source._measures[0]
        if source is not None and not source._is_income:
            self.is_participation = False

    def write(self, vals):
        if DECISIVE & set(vals):
            self._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        self._check_editable()

    def _check_editable(self):
        """A scheme in force is frozen with what its lines count."""
        line = self.env["kmp.shu.scheme.line"].search(
            [("basis_id", "in", self.ids), ("scheme_id.state", "=", "in_force")], limit=1
        )
        if line:
            raise UserError(
                self.env._(
                    "Patronage basis %(basis)s cannot be changed: scheme %(scheme)s is in force with it. "
                    "Duplicate it and use the copy in a new scheme.",
                    basis=line.basis_id.display_name,
                    scheme=line.scheme_id.name,
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for basis, vals in zip(self, vals_list, strict=True):
            vals["code"] = (default or {}).get("code", f"{basis.code}-2")
        return vals_list

    def action_open_imports(self):
        self.ensure_one()
        self.check_access("read")
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.patronage_import_action")
        return {**action, "domain": [("basis_ids", "in", self.ids)]}

    def action_preview(self):
        """Show what would count in the last year that has ended."""
        self.ensure_one()
        self.check_access("read")
        preview = self.env["kmp.patronage.preview"].create({"basis_id": self.id})
        return preview.action_refresh()
