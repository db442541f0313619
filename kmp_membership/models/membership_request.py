from odoo import fields, models

from .member_request import OPEN_STATES
from .share_type import SAVINGS_KINDS

LEAVING = ("resign", "expel", "decease")


class Membership(models.Model):
    """Requests of a member, and what finishes them."""

    _inherit = "kmp.membership"

    request_ids = fields.One2many("kmp.member.request", "membership_id", "Requests")

    def _get_deposit_types(self):
        """What this member may ask to pay in: the types of the terms of the class, and savings; as superuser."""
        self.ensure_one()
        # sudo: names of share types
        types = self.env["kmp.share.type"].sudo()
        stakeholder_class = self.sudo().class_id or self.sudo().applied_class_id
        today = fields.Date.context_today(self)
        owed = self.env["kmp.share.term"].sudo()._get_terms(stakeholder_class, today)
        savings = types.search([("company_id", "=", self.company_id.id), ("kind", "in", SAVINGS_KINDS)])
        return (types.union(*owed.get(stakeholder_class, ())) | savings).sorted()

    def _keep_uploads(self, uploads, record=None):
        """The files that were handed in with this record or another one, as its attachments."""
        record = record or self
        self.env["ir.attachment"].create(
            [
                {
                    "name": upload.name,
                    "mimetype": upload.mimetype,
                    "raw": upload.content,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for upload in uploads
            ]
        )

    def _apply_step(self, kind, date, class_id=None, **details):
        steps = super()._apply_step(kind, date, class_id, **details)
        if kind in LEAVING:
            # sudo: the request follows whoever takes the step
            leaving = self.sudo().request_ids.filtered(
                lambda request: request.kind == "exit" and request.state in OPEN_STATES
            )
            leaving._set_state("done")
        return steps
