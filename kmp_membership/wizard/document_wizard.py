from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.membership import OFFICER
from ..report import indonesian

TITLES = {
    "member_register": "Buku Daftar Anggota",
    "officer_register": "Buku Daftar Pengurus dan Pengawas",
    "savings_book": "Buku Simpanan",
    "share_certificate": "Sertifikat Simpanan",
}


class DocumentWizard(models.TransientModel):
    """Ask for the day, and whom a document is about; then print it or make a workbook of it."""

    _name = "kmp.document.wizard"
    _description = "Print a Document"

    document = fields.Selection(
        [
            ("member_register", "Register of Members"),
            ("officer_register", "Register of Officers"),
            ("savings_book", "Savings Book"),
            ("share_certificate", "Share Certificate"),
        ],
        required=True,
        default="member_register",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date = fields.Date(
        "As of",
        required=True,
        default=fields.Date.context_today,
        help="What was posted and known at the end of that day.",
    )
    date_from = fields.Date(
        "From", help="What was before is carried forward in one line. Empty: from the beginning."
    )
    class_ids = fields.Many2many(
        "kmp.stakeholder.class", string="Classes", domain="[('company_id', '=', company_id)]"
    )
    membership_ids = fields.Many2many(
        "kmp.membership",
        string="Members",
        domain="[('company_id', '=', company_id), ('number', '!=', False)]",
    )
    has_former_members = fields.Boolean(
        "Including Former", default=True, help="The register keeps those who left."
    )
    has_personal_data = fields.Boolean(
        "Personal Data",
        default=True,
        groups=OFFICER,
        help="National id, birth, sex and occupation. Leave them out of copies that hang on a wall.",
    )
    has_balances = fields.Boolean(
        "What Is Paid In",
        help="The workbook has a column per share type: what each member holds at the end of that day.",
    )
    file_name = fields.Char(compute="_compute_file_name")
    span_text = fields.Char(compute="_compute_span_text")

    @api.depends("document", "date", "membership_ids")
    def _compute_file_name(self):
        for wizard in self:
            member = wizard.membership_ids.display_name if len(wizard.membership_ids) == 1 else None
            day = fields.Date.to_string(wizard.date)
            wizard.file_name = " ".join(filter(None, (TITLES[wizard.document], member, day))).replace(
                "/", "-"
            )

    @api.depends("date", "date_from")
    def _compute_span_text(self):
        for wizard in self:
            until = f"s.d. {indonesian.date(wizard.date)}"
            wizard.span_text = (
                f"{indonesian.date(wizard.date_from)} {until}" if wizard.date_from else f"Sejak awal {until}"
            )

    @api.onchange("company_id")
    def _onchange_company_id(self):
        self.class_ids = self.class_ids.filtered(lambda record: record.company_id == self.company_id)
        self.membership_ids = self.membership_ids.filtered(
            lambda record: record.company_id == self.company_id
        )

    @api.model
    def default_get(self, fields_list):
        """Members that are selected in a list of members are those that the document is about."""
        defaults = super().default_get(fields_list)
        if self.env.context.get("active_model") == "kmp.membership" and self.env.context.get("active_ids"):
            members = self.env["kmp.membership"].browse(self.env.context["active_ids"])
            defaults["membership_ids"] = [fields.Command.set(members.ids)]
            defaults["company_id"] = members[:1].company_id.id
        return defaults

    def action_print(self):
        return self._get_report("").report_action(self, config=False)

    def action_export(self):
        return self._get_report("_xlsx").report_action(self, config=False)

    def _get_report(self, suffix):
        self.ensure_one()
        self._check_span()
        self._check_members_of_company()
        return self.env.ref(f"kmp_membership.{self.document}{suffix}_report")

    def _check_span(self):
        if self.date_from and self.date_from > self.date:
            raise UserError(
                self.env._(
                    "The first day (%(first)s) lies after the last one (%(last)s).",
                    first=self.date_from,
                    last=self.date,
                )
            )

    def _check_members_of_company(self):
        for record in (*self.membership_ids, *self.class_ids):
            if record.company_id != self.company_id:
                raise UserError(
                    self.env._(
                        "%(record)s does not belong to %(company)s. Print one company at a time.",
                        record=record.display_name,
                        company=self.company_id.name,
                    )
                )
