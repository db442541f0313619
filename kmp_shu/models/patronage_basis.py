from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import KEY_CHECK


class KmpPatronageBasis(models.Model):
    """What counts as a member's business: one source, one measure, and which part of it."""

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
        [("value", "Value"), ("quantity", "Quantity"), ("hours", "Hours")],
        required=True,
        default="value",
        tracking=True,
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

    @api.model
    def _selection_source(self):
        IrModel = self.env["ir.model"]
        sources = self.env["kmp.patronage.source"]._get_sources()
        return [(name, IrModel._get(name).name) for name in sources]

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

    def write(self, vals):
        decisive = {"code", "source", "measure", "account_ids", "product_category_ids", "class_ids"}
        if decisive & set(vals):
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

    def _get_business_query(self, date_from, date_to) -> SQL:
        """The business of members that counts for this basis, a row per document line.

        Columns: `membership_id`, `class_id`, `partner_id`, `date`, `document_id`, `measure`
        (company currency, units or hours). Membership and class are those of the document's day,
        so business done before joining or after leaving does not count.
        """
        self.ensure_one()
        return SQL(
            """
            SELECT membership.id AS membership_id,
                   period.class_id,
                   business.partner_id,
                   business.date,
                   business.document_id,
                   business.%(measure)s AS measure
              FROM (%(source)s) business
              JOIN kmp_membership membership
                ON membership.partner_id = business.partner_id
               AND membership.company_id = %(company)s
              JOIN kmp_membership_period period
                ON period.membership_id = membership.id
               AND business.date >= period.date_from
               AND (period.date_to IS NULL OR business.date <= period.date_to)
             WHERE %(products)s AND %(classes)s
            """,
            measure=SQL.identifier(self.measure),
            source=self.env[self.source]._get_select(self, date_from, date_to),
            company=self.company_id.id,
            products=self._get_product_condition(),
            classes=self._get_class_condition(),
        )

    def _get_product_condition(self) -> SQL:
        if not self.product_category_ids:
            return SQL("TRUE")
        categories = self.product_category_ids.search([("id", "child_of", self.product_category_ids.ids)])
        return SQL(
            """business.product_id IN (
                SELECT product.id
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.categ_id = ANY(%s))""",
            categories.ids,
        )

    def _get_class_condition(self) -> SQL:
        if not self.class_ids:
            return SQL("TRUE")
        return SQL("period.class_id = ANY(%s)", self.class_ids.ids)

    def _get_weight_query(self, date_from, date_to) -> SQL:
        """Business per member and class: columns `membership_id`, `class_id`, `weight`."""
        return SQL(
            """
            SELECT membership_id, class_id, SUM(measure) AS weight
              FROM (%s) business
             GROUP BY membership_id, class_id
            """,
            self._get_business_query(date_from, date_to),
        )

    def action_open_imports(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.patronage_import_action")
        return {**action, "domain": [("basis_ids", "in", self.ids)]}
