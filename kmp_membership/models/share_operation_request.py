from odoo import fields, models


class ShareOperation(models.Model):
    """A deposit that a member asked for: once it is posted, the request is done."""

    _inherit = "kmp.share.operation"

    request_ids = fields.One2many("kmp.member.request", "operation_id", "Asked For By", readonly=True)

    def _after_post(self):
        result = super()._after_post()
        # sudo: the request follows whoever posts
        self.sudo().request_ids.filtered(lambda request: request.state == "accepted")._set_state("done")
        return result
