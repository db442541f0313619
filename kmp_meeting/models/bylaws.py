import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from .. import tally


class Bylaws(models.Model):
    """By-laws take effect by resolution of the meeting, on their text: the document. Those of before the meetings were held here are in
    effect."""

    _name = "kmp.bylaws"
    _inherit = ["kmp.bylaws", "kmp.meeting.subject"]

    is_effective = fields.Boolean("In Effect", default=True, readonly=True, copy=False, tracking=True)

    @api.depends("is_effective", "resolution_id")
    def _compute_is_frozen(self):
        result = super()._compute_is_frozen()
        for bylaws in self:
            bylaws.is_frozen |= bool(bylaws.is_effective and bylaws.resolution_id)
        return result

    @api.model
    def _get_version_domain(self, companies):
        return [*super()._get_version_domain(companies), ("is_effective", "=", True)]

    @api.depends("is_effective")
    def _compute_date_to(self):
        return super()._compute_date_to()

    @api.model_create_multi
    def create(self, vals_list):
        self._check_sealed(*vals_list)
        bylaws = super().create(vals_list)
        unsealed(bylaws.filtered("needs_resolution")).write({"is_effective": False})
        return bylaws

    def write(self, vals):
        self._check_sealed(vals)
        if "resolution_id" in vals:
            self.filtered("resolution_id")._check_not_effective()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_decided(self):
        self.filtered("resolution_id")._check_not_effective()

    def _check_sealed(self, *vals_list):
        if any("is_effective" in vals for vals in vals_list) and not is_unsealed(self.env):
            raise UserError(self.env._("By-laws take effect by their button only."))

    def _check_not_effective(self):
        for bylaws in self.filtered("is_effective"):
            raise UserError(
                self.env._(
                    "By-laws %(name)s are in effect by %(resolution)s. Record a change as a new version.",
                    name=bylaws.name,
                    resolution=bylaws.resolution_id.display_name,
                )
            )

    def action_take_effect(self):
        """Put a version into effect whose text the meeting has adopted. For officers.

        :raise UserError: the meeting has not carried a resolution that names the hash of the document
        """
        self.env["kmp.meeting"]._check_officer()
        self.check_access("write")
        self._check_resolved()
        unsealed(self).write({"is_effective": True})

    def _get_subject_hash(self):
        """Of the document: number and date of the deed may follow the meeting."""
        content = self.with_context(bin_size=False).document
        return tally.digest(base64.b64decode(content)) if content else ""

    def _get_subject_words(self):
        return self.env._(
            "The meeting adopts the by-laws %s with the text whose hash is given here.", self.name
        )

    def _check_has_hash(self):
        if not self.document:
            raise UserError(
                self.env._(
                    "By-laws %s have no document. Attach the text that the meeting decides on.", self.name
                )
            )

    def _check_effective(self):
        """:raise UserError: for a version on which nothing can rest yet"""
        for bylaws in self.filtered(lambda bylaws: not bylaws.is_effective):
            raise UserError(
                self.env._(
                    "By-laws %s are not in effect yet. Put them to the meeting, and into effect when they are adopted.",
                    bylaws.name,
                )
            )


class StakeholderClass(models.Model):
    _inherit = "kmp.stakeholder.class"

    @api.constrains("bylaws_id")
    def _check_bylaws(self):
        self.bylaws_id._check_effective()


class ShareTerm(models.Model):
    _inherit = "kmp.share.term"

    @api.constrains("bylaws_id")
    def _check_bylaws(self):
        self.bylaws_id._check_effective()
