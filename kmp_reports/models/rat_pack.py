from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from .report_placeholders import MEETING_MONTHS

# UU 25/1992 art. 35: the annual report is ready a month before the annual meeting.
READY_MONTHS = 1
OFFICER, ACCOUNTANT = "kmp_membership.group_officer", "kmp_shu.group_shu_accountant"
SEALED_FIELDS = {
    "state",
    "phase",
    "halted",
    "started_by_id",
    "checked_on",
    "built_on",
    "ledger_mark",
    "book_file",
    "book_hash",
    "workbook_file",
}
# What the book was built from: another year or company is another pack.
SUBJECT = {"company_id", "date_to"}


class RatPack(models.Model):
    """The annual report for the members' meeting (Rapat Anggota Tahunan): one book and one workbook of a fiscal year.

    Checked, built (`rat_pack_build.py`), signed by the board (`rat_pack_sign.py`). What was signed is never built again; it is reopened,
    which takes the signatures back.
    """

    _name = "kmp.rat.pack"
    _description = "Annual Report for the Members' Meeting"
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.background"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_to = fields.Date(
        "Fiscal Year Until",
        required=True,
        default=lambda self: self._get_last_year_end(),
        help="The last day of the fiscal year.",
        tracking=True,
    )
    date_from = fields.Date("Fiscal Year From", compute="_compute_date_from", store=True)
    meeting_date = fields.Date("Meeting On", tracking=True)
    ready_by = fields.Date(
        compute="_compute_deadlines", help="A month before the meeting (UU 25/1992 art. 35)."
    )
    latest_meeting = fields.Date(
        "Latest Day of the Meeting",
        compute="_compute_deadlines",
        help="Six months after the end of the year (UU 25/1992 art. 26).",
    )
    is_meeting_late = fields.Boolean(compute="_compute_deadlines")
    state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("building", "Being Built"),
            ("built", "To Be Signed"),
            ("signed", "Signed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    part_ids = fields.One2many("kmp.rat.pack.part", "pack_id", "Parts")
    signature_ids = fields.One2many("kmp.rat.pack.signature", "pack_id", "Signatures", readonly=True)
    checked_on = fields.Datetime(readonly=True, copy=False)
    built_on = fields.Datetime(readonly=True, copy=False)
    book_file = fields.Binary("Book (PDF)", attachment=True, readonly=True, copy=False)
    book_file_name = fields.Char(compute="_compute_file_names")
    book_hash = fields.Char("SHA-256 of the Book", readonly=True, copy=False)
    workbook_file = fields.Binary("Workbook", attachment=True, readonly=True, copy=False)
    workbook_file_name = fields.Char(compute="_compute_file_names")
    is_locked = fields.Boolean(
        compute="_compute_is_locked", help="Nothing can be posted into the year any more."
    )
    attention_count = fields.Integer(compute="_compute_attention_count")

    _one_per_year = models.UniqueIndex(
        "(company_id, date_to)",
        "The co-operative has an annual report of this fiscal year already. Open that one.",
    )

    @api.model
    def _get_last_year_end(self):
        dates = self.env.company.compute_fiscalyear_dates(fields.Date.context_today(self))
        return dates["date_from"] - relativedelta(days=1)

    @api.depends("date_to")
    def _compute_name(self):
        for pack in self:
            pack.name = f"RAT {pack.date_to.year}" if pack.date_to else "RAT"

    @api.depends("date_to", "company_id")
    def _compute_date_from(self):
        for pack in self:
            year = pack.date_to and pack.company_id.compute_fiscalyear_dates(pack.date_to)
            pack.date_from = year and year["date_from"]

    @api.depends("date_to", "meeting_date")
    def _compute_deadlines(self):
        for pack in self:
            meeting = pack.meeting_date
            pack.latest_meeting = pack.date_to and pack.date_to + relativedelta(months=MEETING_MONTHS, day=31)
            pack.ready_by = (meeting or pack.latest_meeting or False) and (
                meeting or pack.latest_meeting
            ) - relativedelta(months=READY_MONTHS)
            pack.is_meeting_late = bool(meeting and pack.latest_meeting and meeting > pack.latest_meeting)

    @api.depends("name", "company_id")
    def _compute_file_names(self):
        for pack in self:
            name = f"Buku {pack.name} {pack.company_id.name}".replace("/", "-").replace("\\", "-")
            pack.book_file_name, pack.workbook_file_name = f"{name}.pdf", f"{name}.xlsx"

    @api.depends("date_to", "company_id.fiscalyear_lock_date", "company_id.hard_lock_date")
    def _compute_is_locked(self):
        for pack in self:
            is_dated = pack.date_to and pack.company_id
            pack.is_locked = bool(is_dated) and self.env["kmp.statutory"]._is_locked(
                pack.company_id, pack.date_to
            )

    @api.depends("part_ids.status", "part_ids.is_included")
    def _compute_attention_count(self):
        for pack in self:
            included = pack.part_ids.filtered("is_included")
            pack.attention_count = len(included.filtered(lambda part: part.status != "ready"))

    @api.constrains("date_to", "company_id")
    def _check_year_end(self):
        for pack in self:
            end = pack.company_id.compute_fiscalyear_dates(pack.date_to)["date_to"]
            if end != pack.date_to:
                raise UserError(
                    self.env._(
                        "%(day)s is not the last day of a fiscal year of %(company)s. The year ends on %(end)s.",
                        day=pack.date_to,
                        company=pack.company_id.name,
                        end=end,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        packs = super().create(vals_list)
        packs._create_parts()
        return packs

    def write(self, vals):
        self._check_sealed(vals)
        if SUBJECT & vals.keys() and not is_unsealed(self.env):
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_signed(self):
        self._check_state("draft", "built")

    @api.model
    def _check_sealed(self, vals):
        """What a step writes, nobody writes by hand."""
        if SEALED_FIELDS & vals.keys() and not is_unsealed(self.env):
            raise UserError(
                self.env._("An annual report changes by its buttons: check, build, sign, reopen.")
            )

    def _check_state(self, *states):
        for pack in self:
            if pack.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(pack)s is %(state)s. Reopen it first.", pack=pack.name, state=labels[pack.state]
                    )
                )

    def _check_may(self, *groups):
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("Only officers and accountants may do this with an annual report."))
        self.check_access("write")

    def action_reopen(self):
        """Back to the preparation: the signatures are taken back, the book stays until it is built again."""
        self.ensure_one()
        self._check_may(OFFICER)
        self._check_state("built", "signed")
        self.sudo().signature_ids.unlink()  # sudo: nobody deletes a signature but this step
        unsealed(self).state = "draft"
        self._message_log(body=self.env._("Reopened: the signatures were taken back."))
