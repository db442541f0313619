from odoo import fields, models

from .membership import OFFICER


class ResCompany(models.Model):
    """What a co-operative lets members and strangers ask for on its web pages, and who answers."""

    _inherit = "res.company"

    kmp_applications_open = fields.Boolean(
        "Applications Online",
        help="Anybody may apply for membership on the public page /membership/apply.",
    )
    kmp_portal_user_id = fields.Many2one(
        "res.users",
        "Answers Members",
        check_company=True,
        domain="[('share', '=', False)]",
        help="Is given an activity for every application and request that comes in from the web. Empty: the first officer.",
    )

    def _get_portal_user(self):
        """Who answers members: the user of the settings, else the first officer of the company; may be nobody."""
        self.ensure_one()
        # sudo: asked for by members and strangers; nothing of the user is shown to them
        company = self.sudo()
        officers = self.env.ref(OFFICER).sudo().all_user_ids.sorted("id")
        return company.kmp_portal_user_id or officers.filtered(lambda user: company in user.company_ids)[:1]

    def _get_open_classes(self):
        """The classes that an application may name, as superuser."""
        self.ensure_one()
        # sudo: names and amounts are shown to strangers, on purpose
        classes = self.env["kmp.stakeholder.class"].sudo()
        return classes.search([("company_id", "=", self.id), ("is_open", "=", True)])


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    kmp_applications_open = fields.Boolean(related="company_id.kmp_applications_open", readonly=False)
    kmp_portal_user_id = fields.Many2one(related="company_id.kmp_portal_user_id", readonly=False)
    kmp_applications_per_address = fields.Integer(
        "Applications per Address",
        config_parameter="kmp_membership.applications_per_address",
        default=10,
        help="How often within an hour one internet address may send the form.",
    )
    kmp_applications_per_hour = fields.Integer(
        "Applications per Hour",
        config_parameter="kmp_membership.applications_per_hour",
        default=200,
        help="How often within an hour the form may be sent in all.",
    )
