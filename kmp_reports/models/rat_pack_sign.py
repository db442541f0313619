from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from .rat_pack import OFFICER


class RatPack(models.Model):
    """The board signs the annual report, or says in writing why it does not (UU 25/1992 art. 36)."""

    _inherit = "kmp.rat.pack"

    def _prepare_signatures(self):
        """A line for each member of the board who is in office today."""
        in_office = self.env["kmp.officer"]._get_in_office(self.company_id)
        board = in_office.filtered(lambda officer: officer.body == "board")
        signatures = unsealed(self.env["kmp.rat.pack.signature"]).sudo()  # sudo: made by this step only
        signatures.search([("pack_id", "=", self.id)]).unlink()
        signatures.create([{"pack_id": self.id, "officer_id": officer.id} for officer in board])

    def action_sign_off(self):
        """Everybody signed or gave the reason: the report is final."""
        self.ensure_one()
        self._check_may(OFFICER)
        self._check_state("built")
        if not self.signature_ids:
            raise UserError(
                self.env._(
                    "%s: enter the board in the register of officers, then build the book again.", self.name
                )
            )
        for line in self.signature_ids:
            if not (line.signed_on or line.reason):
                raise UserError(
                    self.env._(
                        "%(pack)s: %(officer)s has neither signed nor given a reason in writing (UU 25/1992 art. 36).",
                        pack=self.name,
                        officer=line.officer_id.display_name,
                    )
                )
        unsealed(self).state = "signed"


class RatPackSignature(models.Model):
    """The signature of one member of the board under the book with its hash, or the written reason why it is not there."""

    _name = "kmp.rat.pack.signature"
    _description = "Signature under an Annual Report"
    _order = "id"

    pack_id = fields.Many2one("kmp.rat.pack", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="pack_id.company_id")
    state = fields.Selection(related="pack_id.state")
    officer_id = fields.Many2one("kmp.officer", required=True, readonly=True, ondelete="restrict", index=True)
    post = fields.Selection(related="officer_id.post")
    signed_on = fields.Datetime(readonly=True)
    signed_by_id = fields.Many2one("res.users", "Entered By", readonly=True)
    reason = fields.Text("Reason Not to Sign", help="In writing, where the officer does not sign.")

    def write(self, vals):
        if not is_unsealed(self.env):
            if vals.keys() - {"reason"}:
                raise UserError(self.env._("A signature is given by its button."))
            for line in self:
                line._check_open()
        return super().write(vals)

    def _check_open(self):
        self.pack_id._check_state("built")
        if self.signed_on:
            raise UserError(self.env._("%s has signed already.", self.officer_id.display_name))

    def action_sign(self):
        """Sign, or enter that the officer signed the printed book. Who has a user of his own signs himself."""
        self.ensure_one()
        self.pack_id._check_may(OFFICER)
        self._check_open()
        users = self.officer_id.sudo().membership_id.partner_id.user_ids.filtered(lambda user: not user.share)
        if users and self.env.user not in users:
            raise UserError(self.env._("%s has a user and signs with it.", self.officer_id.display_name))
        unsealed(self).write(
            {"signed_on": fields.Datetime.now(), "signed_by_id": self.env.uid, "reason": False}
        )
        self.pack_id._message_log(
            body=self.env._(
                "%(officer)s signed the book with SHA-256 %(hash)s.",
                officer=self.officer_id.display_name,
                hash=self.pack_id.book_hash,
            )
        )
