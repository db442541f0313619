import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import KEY_CHECK, is_unsealed

# Applicants, approved applicants and those who left are not members for any count.
MEMBER_STATES = ("active", "suspended")
PAYING_STATES = ("applicant", "approved", *MEMBER_STATES)
SEALED_FIELDS = {"state", "left_reason", "date_start", "date_end"}
OFFICER = "kmp_membership.group_officer"


def _taken_message(env, diagnostics):
    """Name who has the member number that is given a second time."""
    taken = re.search(r"\)=\((\d+), (.*)\)", (diagnostics and diagnostics.message_detail) or "")
    holder = env["kmp.membership"]
    if taken:
        holder = holder.search([("company_id", "=", int(taken[1])), ("number", "=", taken[2])], limit=1)
    if not holder:
        return env._("Another membership of the company has this member number.")
    return env._(
        "The member number %(number)s belongs to %(name)s and is never used again. Choose another one, or leave it empty: then the "
        "next free number is given.",
        number=holder.number,
        name=holder.partner_id.name,
    )


class Membership(models.Model):
    """One partner's membership of one company: its number, its life, its class on any day.

    A membership is not transferable (UU 25/1992 art. 19 par. 3): partner and number never change. What was paid in is read from the
    ledger and never stored here. The life (application, approval, activation, suspension, exit) moves only by steps, which stay as
    records: see ``kmp.membership.step``.
    """

    _name = "kmp.membership"
    _description = "Membership"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "number, id"
    _rec_names_search = ["number", "partner_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Name",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    number = fields.Char(
        "Member Number",
        copy=False,
        tracking=True,
        help="Given on activation. Never changed, never used again.",
    )
    state = fields.Selection(
        [
            ("applicant", "Applicant"),
            ("approved", "Approved"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("left", "Left"),
            ("rejected", "Rejected"),
        ],
        "Status",
        required=True,
        default="applicant",
        copy=False,
        tracking=True,
        index=True,
    )
    is_associate = fields.Boolean(
        "Associate Member",
        tracking=True,
        help="Anggota luar biasa: in the register, but no member for any count (UU 25/1992 art. 18).",
    )
    is_member = fields.Boolean(
        "Counts as Member",
        compute="_compute_is_member",
        store=True,
        help="Active or suspended, and not an associate.",
    )
    member_kind = fields.Selection(
        [("person", "Person"), ("cooperative", "Co-operative"), ("company", "Company")],
        compute="_compute_member_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    representative_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="Who speaks and votes for a member that is a legal entity.",
    )
    left_reason = fields.Selection(
        [("resigned", "Resigned"), ("expelled", "Expelled"), ("deceased", "Deceased")],
        "Reason for Leaving",
        copy=False,
        readonly=True,
        tracking=True,
    )
    date_application = fields.Date("Applied On", default=fields.Date.context_today)
    date_start = fields.Date("Member Since", copy=False, tracking=True)
    date_end = fields.Date("Left On", copy=False, tracking=True)
    applied_class_id = fields.Many2one(
        "kmp.stakeholder.class",
        "Class Applied For",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    class_id = fields.Many2one(
        "kmp.stakeholder.class",
        compute="_compute_class_id",
        store=True,
        index=True,
        tracking=True,
        ondelete="restrict",
    )
    period_ids = fields.One2many("kmp.membership.period", "membership_id", "Class Periods")
    step_ids = fields.One2many("kmp.membership.step", "membership_id", "Steps", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    email = fields.Char(related="partner_id.email", groups="kmp_membership.group_clerk")
    phone = fields.Char(related="partner_id.phone", groups="kmp_membership.group_clerk")
    notes = fields.Html()

    _unique_partner = models.Constraint(
        "UNIQUE (company_id, partner_id)", "This contact already has a membership in the company."
    )
    _unique_number = models.Constraint("UNIQUE (company_id, number)", _taken_message)
    _number_is_key = models.Constraint(
        KEY_CHECK % ("number", "number"), "A member number holds no TAB, line break or backslash."
    )
    _number_of_member = models.Constraint(
        "CHECK (number IS NOT NULL OR state NOT IN ('active', 'suspended', 'left'))", "A member has a number."
    )

    @api.depends("period_ids.class_id", "period_ids.date_from")
    def _compute_class_id(self):
        for membership in self:
            membership.class_id = membership.period_ids.sorted("date_from")[-1:].class_id

    @api.depends("state", "is_associate")
    def _compute_is_member(self):
        for membership in self:
            membership.is_member = membership.state in MEMBER_STATES and not membership.is_associate

    @api.depends("partner_id")
    def _compute_member_kind(self):
        for membership in self:
            if not membership.partner_id.is_company:
                membership.member_kind = "person"
            elif membership.member_kind in (False, "person"):
                membership.member_kind = "company"

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        for membership in self:
            membership.display_name = " ".join(filter(None, (membership.number, membership.partner_id.name)))

    @api.constrains("partner_id")
    def _check_partner(self):
        for membership in self:
            commercial = membership.partner_id.commercial_partner_id
            if commercial != membership.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s and cannot be a member. Register %(company)s, or make the contact "
                        "independent first.",
                        contact=membership.partner_id.name,
                        company=commercial.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Clerks enter applicants. Officers may also enter existing members (migration): number and state given, with periods."""
        vals_list = [dict(vals) for vals in vals_list]
        entered_as_member = [
            vals for vals in vals_list if vals.get("state", "applicant") != "applicant" or vals.get("number")
        ]
        if entered_as_member:
            self._check_officer(self.env._("enter existing members"))
        without_number = defaultdict(list)
        for vals in entered_as_member:
            if vals.get("state") in (*MEMBER_STATES, "left") and not vals.get("number"):
                without_number[vals.get("company_id") or self.env.company.id].append(vals)
        for company_id, company_vals in without_number.items():
            numbers = self._next_numbers(self.env["res.company"].browse(company_id), len(company_vals))
            for vals, number in zip(company_vals, numbers, strict=True):
                vals["number"] = number
        return super().create(vals_list)

    def write(self, vals):
        if not is_unsealed(self.env):
            self._check_sealed(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_members(self):
        for membership in self:
            if membership.number:
                raise UserError(
                    self.env._(
                        "Member %(name)s has a number and stays in the register. Record how the membership ended instead.",
                        name=membership.display_name,
                    )
                )

    def _check_sealed(self, vals):
        """Refuse to write what only a step may change, and what never changes."""
        for membership in self:
            changed = {
                name for name in vals.keys() & SEALED_FIELDS if membership._value_changes(name, vals[name])
            }
            if changed:
                raise UserError(
                    self.env._(
                        "Member %(name)s: the status and its dates change only by a step (approve, activate, suspend, leave ...), "
                        "which keeps the date, the resolution and the reason.",
                        name=membership.display_name,
                    )
                )
            if membership.number and any(
                name in vals and membership._value_changes(name, vals[name])
                for name in ("number", "partner_id", "company_id")
            ):
                raise UserError(
                    self.env._(
                        "Member %(name)s: the number, the person and the company of a member never change. A membership cannot be "
                        "transferred: end it and register the other person.",
                        name=membership.display_name,
                    )
                )
            if "number" in vals and vals["number"] and not membership.number:
                self._check_officer(self.env._("give a member number"))

    def _value_changes(self, name, value):
        field = self._fields[name]
        return field.convert_to_cache(value, self, validate=False) != field.convert_to_cache(
            self[name], self, validate=False
        )

    def _check_officer(self, what):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may %(what)s.", what=what))

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]
