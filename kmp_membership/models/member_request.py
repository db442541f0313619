from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools import is_unsealed, unsealed
from .membership import MEMBER_STATES, OFFICER, PAYING_STATES

# A member who asks without end is no help to anybody.
MOST_OPEN = 10
OPEN_STATES = ("open", "accepted")
SEALED_FIELDS = {"state", "kind", "membership_id", "operation_id", "answered_by_id", "answered_on"}
CONTACT_FIELDS = ("phone", "email", "street", "city", "zip")


class MemberRequest(models.Model):
    """What a member asks for in the portal: to pay in, to correct the own data, to leave.

    A request decides nothing. Who answers it makes the document that does: a draft deposit, which an officer posts; the contact; the
    step by which the member leaves. The request follows that document, and the member sees how it stands.
    """

    _name = "kmp.member.request"
    _description = "Request of a Member"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    membership_id = fields.Many2one(
        "kmp.membership",
        "Member",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="membership_id.company_id", store=True, precompute=True, index=True)
    partner_id = fields.Many2one(related="membership_id.partner_id")
    class_id = fields.Many2one(related="membership_id.class_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("deposit", "Deposit"), ("data", "Change of Data"), ("exit", "Leave the Co-operative")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "In Progress"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    message = fields.Text(readonly=True)
    share_type_id = fields.Many2one("kmp.share.type", check_company=True, ondelete="restrict", readonly=True)
    amount = fields.Monetary(readonly=True)
    new_phone = fields.Char(readonly=True)
    new_email = fields.Char(readonly=True)
    new_street = fields.Char(readonly=True)
    new_city = fields.Char(readonly=True)
    new_zip = fields.Char(readonly=True)
    wished_date = fields.Date("Leaves On", readonly=True)
    answer = fields.Text(help="What the member reads about the request.")
    answered_by_id = fields.Many2one("res.users", readonly=True)
    answered_on = fields.Datetime(readonly=True)
    operation_id = fields.Many2one(
        "kmp.share.operation", "Deposit", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _deposit_complete = models.Constraint(
        "CHECK (kind <> 'deposit' OR (share_type_id IS NOT NULL AND amount > 0))",
        "A deposit names a share type and an amount above zero.",
    )

    @api.depends("kind", "membership_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = f"{kinds.get(request.kind, '')}, {request.membership_id.display_name}"

    def write(self, vals):
        if vals.keys() & SEALED_FIELDS and not is_unsealed(self.env):
            raise UserError(
                self.env._("The status of a request changes by its buttons: accept, refuse or finish it.")
            )
        return super().write(vals)

    # ---------------------------------------------------------------- the member asks

    @api.model
    def _ask(self, membership, kind, values, uploads=()):
        """Enter a request of this member, whose own it is (``_get_own``); tell who answers members.

        :param values: ``message``; of a deposit ``share_type_id`` and ``amount``; of data ``new_...``; of an exit ``wished_date``
        :raise UserError: this member cannot ask for that now
        """
        # As the system: members have no rights on requests, and officers may not read users of another company.
        requests = self.with_user(SUPERUSER_ID).with_company(membership.company_id)
        requests._check_may_ask(membership, kind, values)
        request = requests.create({"membership_id": membership.id, "kind": kind, **values})
        requests.env["kmp.membership"]._keep_uploads(uploads, request)
        user = membership.company_id._get_portal_user()
        if user:
            request.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=request.display_name
            )
        return request

    @api.model
    def _check_may_ask(self, membership, kind, values):
        if membership.state not in (PAYING_STATES if kind == "deposit" else MEMBER_STATES):
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: this cannot be asked for now.",
                    name=membership.display_name,
                    state=membership._label("state"),
                )
            )
        waiting = self.search([("membership_id", "=", membership.id), ("state", "in", OPEN_STATES)])
        if len(waiting) >= MOST_OPEN or (kind == "exit" and "exit" in waiting.mapped("kind")):
            raise UserError(
                self.env._("You have asked for this already. Wait for the answer, or withdraw the request.")
            )
        if kind == "deposit":
            self._check_deposit(membership, values)
        if kind == "data" and not any(values.values()):
            raise UserError(self.env._("Enter what has changed."))

    @api.model
    def _check_deposit(self, membership, values):
        amount, currency = values.get("amount") or 0, membership.currency_id
        if values.get("share_type_id") not in membership._get_deposit_types().ids:
            raise UserError(self.env._("Choose what you want to pay in."))
        if currency.compare_amounts(amount, 0) <= 0 or currency.compare_amounts(
            amount, currency.round(amount)
        ):
            raise UserError(self.env._("Enter an amount above zero, in digits, without points."))

    def _withdraw(self):
        """The member takes the request back. Raises UserError when it has been answered."""
        self._check_open(("open",))
        unsealed(self).state = "withdrawn"
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # ---------------------------------------------------------------- the co-operative answers

    def action_accept(self):
        """Make the document that the request asks for, and go there.

        A deposit becomes a draft operation, a change of data is written to the contact, who wants to leave is led to the step.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        return getattr(self, f"_accept_{self.kind}")()

    def _accept_deposit(self):
        if not self.operation_id:
            operation = self.env["kmp.share.operation"].create(
                {
                    "membership_id": self.membership_id.id,
                    "company_id": self.company_id.id,
                    "share_type_id": self.share_type_id.id,
                    "amount": self.amount,
                    "memo": self.message and self.message.splitlines()[0],
                }
            )
            self._set_state("accepted", operation_id=operation.id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.share.operation",
            "res_id": self.operation_id.id,
            "view_mode": "form",
        }

    def _accept_data(self):
        changed = {name: self[f"new_{name}"] for name in CONTACT_FIELDS if self[f"new_{name}"]}
        self.partner_id.write(changed)
        self._set_state("done")
        return True

    def _accept_exit(self):
        action = self.membership_id.action_leave()
        self._set_state("accepted")
        context = {"default_reason": self.message, "default_date": self.wished_date or fields.Date.today()}
        return action | {"context": action["context"] | context}

    def action_finish(self):
        """Nothing more is to be done, for what was asked was done in another way."""
        self.check_access("write")
        self._check_open()
        self._set_state("done")

    def action_refuse(self):
        """:raise ValidationError: the member is not told why"""
        self.check_access("write")
        self._check_open()
        for request in self:
            if not (request.answer or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(request)s: enter as answer why it is refused. The member reads it.",
                        request=request.display_name,
                    )
                )
            if request.kind == "exit" and not self.env.user.has_group(OFFICER):
                raise AccessError(self.env._("Only an officer answers who wants to leave."))
        self._set_state("refused")

    def _check_open(self, states=OPEN_STATES):
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        for request in self:
            if request.state not in states:
                raise UserError(
                    self.env._("%(request)s has been answered already.", request=request.display_name)
                )

    def _set_state(self, state, **vals):
        unsealed(self).write(
            {"state": state, "answered_by_id": self.env.uid, "answered_on": fields.Datetime.now(), **vals}
        )
        if state != "accepted":
            self.activity_unlink(["mail.mail_activity_data_todo"])
            self._tell_member()

    def _tell_member(self):
        """A mail: how the request stands, and the answer."""
        states = dict(self._fields["state"]._description_selection(self.env))
        for request in self:
            request.message_post(
                subject=" ".join((request.company_id.name, request.display_name)),
                body=self.env._(
                    "Your request is answered: %(state)s. %(answer)s",
                    state=states[request.state],
                    answer=request.answer or "",
                ),
                partner_ids=request.partner_id.ids,
                message_type="comment",
            )

    def _prepare_portal_values(self):
        """What the member sees of the own request."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("kind", "state")
        }
        changed = [self[f"new_{name}"] for name in CONTACT_FIELDS if self[f"new_{name}"]]
        return {
            "id": self.id,
            "kind": labels["kind"],
            "state": self.state,
            "state_label": labels["state"],
            "date": self.create_date,
            "what": self.share_type_id.name or ", ".join(changed),
            "amount": self.membership_id._format_amount(self.amount) if self.kind == "deposit" else "",
            "wished_date": self.wished_date,
            "message": self.message or "",
            "answer": self.answer or "",
            "may_withdraw": self.state == "open",
        }
