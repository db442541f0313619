from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools import KEY_CHECK, is_key, is_national_id, is_unsealed, unsealed
from .share_type import SAVINGS_KINDS

# Applicants, approved applicants and those who left are not members for any count.
MEMBER_STATES = ("active", "suspended")
SEALED_FIELDS = {"state", "left_reason", "date_start", "date_end"}
NUMBER_SEQUENCE = "kmp.membership"
OFFICER = "kmp_membership.group_officer"


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
        domain="[('commercial_partner_id', '=', id)]",
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
    national_id = fields.Char(
        "National ID (NIK)",
        groups=OFFICER,
        copy=False,
        help="16 digits. Seen by officers of the co-operative only.",
    )
    duplicate_ids = fields.Many2many(
        "kmp.membership",
        compute="_compute_duplicate_ids",
        string="Perhaps the Same",
        help="Same e-mail or phone. Look before you approve.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    paid_in_capital = fields.Monetary(
        "Paid-in Capital",
        compute="_compute_capital",
        help="Posted journal items on the share accounts up to today.",
    )
    savings = fields.Monetary(
        "Member Savings", compute="_compute_capital", help="Posted journal items on the savings accounts."
    )
    avatar_128 = fields.Image(related="partner_id.avatar_128")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    notes = fields.Html()

    _unique_partner = models.Constraint(
        "UNIQUE (company_id, partner_id)", "This contact already has a membership in the company."
    )
    _unique_number = models.Constraint(
        "UNIQUE (company_id, number)", "Another membership of the company has this member number."
    )
    _number_is_key = models.Constraint(
        KEY_CHECK % ("number", "number"), "A member number holds no TAB, line break or backslash."
    )
    _number_of_member = models.Constraint(
        "CHECK (number IS NOT NULL OR state NOT IN ('active', 'suspended', 'left'))", "A member has a number."
    )
    _unique_national_id = models.UniqueIndex(
        "(company_id, national_id) WHERE national_id IS NOT NULL",
        "Another membership of the company has this national id.",
    )

    @api.depends("period_ids.class_id", "period_ids.date_from")
    def _compute_class_id(self):
        for membership in self:
            membership.class_id = membership.period_ids.sorted("date_from")[-1:].class_id

    @api.depends("partner_id", "state", "company_id")
    def _compute_duplicate_ids(self):
        """Who else of the register has the same address. A national id that is taken is refused anyway."""
        for membership in self:
            partner = membership.partner_id
            addresses = [Domain("partner_id.email", "=ilike", partner.email)] if partner.email else []
            addresses += [Domain("partner_id.phone", "=", partner.phone)] if partner.phone else []
            if not addresses or membership.state not in ("applicant", "approved"):
                membership.duplicate_ids = False
                continue
            others = Domain("company_id", "=", membership.company_id.id) & Domain(
                "id", "!=", membership._origin.id
            )
            membership.duplicate_ids = self.search(others & Domain.OR(addresses), limit=5)

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

    def _compute_capital(self):
        """Query budget: one for all records of the page."""
        totals = self._get_paid_in_totals(fields.Date.context_today(self))
        for membership in self:
            capital, savings = totals.get(
                (membership.company_id.id, membership.partner_id.id), (Decimal(), Decimal())
            )
            membership.paid_in_capital = float(capital)
            membership.savings = float(savings)

    @api.depends("number", "partner_id.name")
    def _compute_display_name(self):
        for membership in self:
            membership.display_name = " ".join(filter(None, (membership.number, membership.partner_id.name)))

    @api.constrains("number")
    def _check_number(self):
        for membership in self:
            if membership.number and not is_key(membership.number):
                raise ValidationError(
                    self.env._(
                        "Member %(name)s: the number %(number)r cannot be used. Give up to 32 visible characters, without a "
                        "backslash and without spaces around them.",
                        name=membership.partner_id.name,
                        number=membership.number,
                    )
                )

    @api.constrains("national_id")
    def _check_national_id(self):
        for membership in self.sudo():  # the form of the number is checked whoever wrote it
            if membership.national_id and not is_national_id(membership.national_id):
                raise ValidationError(
                    self.env._(
                        "Member %(name)s: the national id (NIK) must have 16 digits.",
                        name=membership.display_name,
                    )
                )

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

    # ---------------------------------------------------------------- actions

    def action_approve(self):
        return self._action_step("approve")

    def action_reject(self):
        return self._action_step("reject")

    def action_activate(self):
        return self._action_step("activate")

    def action_change_class(self):
        return self._action_step("change_class")

    def action_suspend(self):
        return self._action_step("suspend")

    def action_reinstate(self):
        return self._action_step("reinstate")

    def action_leave(self):
        return self._action_step("resign")

    def action_readmit(self):
        return self._action_step("readmit")

    def _action_step(self, kind):
        self._check_officer(self.env._("take this step"))
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.membership_step_wizard_action")
        labels = dict(self.env["kmp.membership.step"]._fields["kind"]._description_selection(self.env))
        return action | {
            "name": self.env._("Leave") if kind == "resign" else labels[kind],
            "context": {"default_kind": kind, "default_membership_ids": [Command.set(self.ids)]},
        }

    def action_open_statement(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_ledger_action")
        return action | {
            "display_name": self.env._("Statement of %s", self.display_name),
            "domain": [("membership_id", "=", self.id)],
            "context": {},
        }

    def action_new_deposit(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_operation_action")
        return action | {
            "views": [(False, "form")],
            "context": {"default_membership_id": self.id, "default_company_id": self.company_id.id},
        }

    # ---------------------------------------------------------------- business

    def _apply_step(self, kind, date, class_id=None, **details):
        """Take one step in the life of these memberships, all or none, and keep it as a record.

        :param kind: see ``kmp.membership.step``
        :param date: the first day on which the step holds
        :param class_id: the class for ``activate`` and ``change_class``; by default the one applied for
        :param details: ``resolution``, ``reason``, ``document``, ``document_name``
        :return: the steps
        :raise UserError: a membership is in a state from which the step does not lead
        """
        steps = self.env["kmp.membership.step"]
        transition = steps._get_transitions()[kind]
        self._check_officer(self.env._("take this step"))
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        for membership in self:
            if membership.state not in transition.sources:
                raise UserError(
                    self.env._(
                        "Member %(name)s is %(state)s: the step “%(step)s” is not possible.",
                        name=membership.display_name,
                        state=membership._label("state"),
                        step=dict(steps._fields["kind"]._description_selection(self.env))[kind],
                    )
                )
        getattr(self, f"_step_{kind}", lambda *args: None)(date, class_id)
        vals = {"state": transition.target} if transition.target else {}
        if transition.left_reason:
            vals |= {"left_reason": transition.left_reason, "date_end": date}
        unsealed(self).write(vals)
        # sudo: nobody may create a step by hand; who took it stands in create_uid
        return steps.sudo().create(
            [
                {
                    "membership_id": membership.id,
                    "kind": kind,
                    "date": date,
                    "class_id": membership.class_id.id,
                    **details,
                }
                for membership in self
            ]
        )

    def _step_activate(self, date, class_id):
        for membership in self:
            if not (class_id or membership.applied_class_id):
                raise UserError(
                    self.env._(
                        "Member %(name)s: choose the class in which the membership begins.",
                        name=membership.display_name,
                    )
                )
            membership._check_admitted(class_id or membership.applied_class_id)
            membership._check_entry_paid(class_id or membership.applied_class_id, date)
        for company, memberships in self.filtered(lambda m: not m.number).grouped("company_id").items():
            for membership, number in zip(
                memberships, self._next_numbers(company, len(memberships)), strict=True
            ):
                membership.number = number
        self.env["kmp.membership.period"].create(
            [
                {
                    "membership_id": membership.id,
                    "class_id": (class_id or membership.applied_class_id).id,
                    "date_from": date,
                }
                for membership in self
            ]
        )
        unsealed(self).write({"date_start": date, "date_end": False, "left_reason": False})

    def _check_admitted(self, stakeholder_class):
        if not stakeholder_class._admits(self.member_kind):
            raise UserError(
                self.env._(
                    "The class %(class)s does not admit %(name)s (%(kind)s).",
                    **{
                        "class": stakeholder_class.display_name,
                        "name": self.display_name,
                        "kind": self._label("member_kind"),
                    },
                )
            )

    def _check_entry_paid(self, stakeholder_class, day):
        for share_type, missing in self._get_entry_dues(stakeholder_class, day).items():
            raise UserError(
                self.env._(
                    "Member %(name)s: %(missing)s of %(share_type)s is still to be paid before the membership begins.",
                    name=self.display_name,
                    missing=share_type._format(missing),
                    share_type=share_type.name,
                )
            )

    def _get_entry_dues(self, stakeholder_class, day):
        """What is still missing of the amounts that the class owes once, on entry: {share type: Decimal}."""
        self.ensure_one()
        terms = self.env["kmp.share.term"]._get_terms(stakeholder_class, day)[stakeholder_class]
        due = {
            share_type: Decimal(str(term.amount))
            for share_type, term in terms.items()
            if term.frequency == "once" and term.amount
        }
        held = self.env["kmp.share.type"].union(*due)._get_holdings(day, self.partner_id) if due else {}
        missing = {
            share_type: amount - held.get((self.partner_id.id, share_type.id), Decimal())
            for share_type, amount in due.items()
        }
        return {share_type: amount for share_type, amount in missing.items() if amount > 0}

    def _step_change_class(self, date, class_id):
        if not class_id:
            raise UserError(self.env._("Choose the new class."))
        for membership in self:
            if membership.class_id == class_id:
                raise UserError(
                    self.env._(
                        "Member %(name)s already belongs to the class %(class)s.",
                        **{"name": membership.display_name, "class": class_id.display_name},
                    )
                )
            membership._check_admitted(class_id)
        self._close_periods(date - timedelta(days=1))
        self.env["kmp.membership.period"].create(
            [
                {"membership_id": membership.id, "class_id": class_id.id, "date_from": date}
                for membership in self
            ]
        )

    def _step_resign(self, date, _class_id):
        self._close_periods(date)

    _step_expel = _step_decease = _step_resign

    def _close_periods(self, last_day):
        """End the open period of each membership on ``last_day``."""
        periods = self.period_ids.filtered(lambda period: not period.date_to or period.date_to > last_day)
        for period in periods:
            if period.date_from > last_day:
                raise UserError(
                    self.env._(
                        "Member %(name)s belongs to %(class)s since %(date_from)s: the step must take effect after that day.",
                        **{
                            "name": period.membership_id.display_name,
                            "class": period.class_id.display_name,
                            "date_from": format_date(self.env, period.date_from),
                        },
                    )
                )
        periods.write({"date_to": last_day})

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    @api.model
    def _next_numbers(self, company, count):
        """``count`` free member numbers of the company, from a sequence that is created when it is first needed."""
        sequence = self._get_number_sequence(company)
        numbers = []
        while len(numbers) < count:
            candidates = [sequence.next_by_id() for _index in range(count - len(numbers))]
            taken = {
                number
                for (number,) in self.env.execute_query(
                    SQL(
                        "SELECT number FROM kmp_membership WHERE company_id = %s AND number = ANY(%s)",
                        company.id,
                        candidates,
                        to_flush=self._fields["number"],
                    )
                )
            }
            numbers += [number for number in candidates if number not in taken]
        return numbers

    @api.model
    def _get_number_sequence(self, company):
        # sudo: officers need not be allowed to configure sequences
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [("code", "=", NUMBER_SEQUENCE), ("company_id", "=", company.id)], limit=1
        )
        return sequence or sequences.create(
            {
                "name": self.env._("Member numbers of %s", company.name),
                "code": NUMBER_SEQUENCE,
                "company_id": company.id,
                "padding": 5,
            }
        )

    def _get_paid_in_totals(self, date_to):
        """Paid-in capital and savings of these memberships at the end of a day, from posted journal items.

        :return: {(company id, partner id): (capital, savings)}, exact
        Query budget: one.
        """
        if not self:
            return {}
        lines = self.env["account.move.line"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT aml.company_id, aml.partner_id,
                       (-SUM(%(balance)s) FILTER (WHERE t.kind <> ALL(%(savings)s)))::text,
                       (-SUM(%(balance)s) FILTER (WHERE t.kind = ANY(%(savings)s)))::text
                  FROM account_move_line aml
                  JOIN kmp_share_type t ON t.account_id = %(account)s AND t.company_id = %(company)s
                 WHERE %(partner)s = ANY(%(partner_ids)s) AND %(company)s = ANY(%(company_ids)s)
                   AND %(state)s = 'posted' AND %(date)s <= %(date_to)s
                 GROUP BY aml.company_id, aml.partner_id
                """,
                balance=lines._field_to_sql("aml", "balance"),
                account=lines._field_to_sql("aml", "account_id"),
                company=lines._field_to_sql("aml", "company_id"),
                partner=lines._field_to_sql("aml", "partner_id"),
                state=lines._field_to_sql("aml", "parent_state"),
                date=lines._field_to_sql("aml", "date"),
                savings=list(SAVINGS_KINDS),
                partner_ids=self.partner_id.ids,
                company_ids=self.company_id.ids,
                date_to=date_to,
            )
        )
        return {
            (company_id, partner_id): (Decimal(capital or 0), Decimal(savings or 0))
            for company_id, partner_id, capital, savings in rows
        }
