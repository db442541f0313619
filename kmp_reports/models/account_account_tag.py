from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountAccountTag(models.Model):
    """A tag with a place puts its accounts on a line of the statements (see `account.account.kmp_place`)."""

    _inherit = "account.account.tag"

    kmp_place = fields.Char(
        "Place in Statements",
        copy=False,
        help="The name by which the lines of the statements ask for the accounts, as in "
        "bale[('kmp_place', '=', 'inventory')].",
    )
    kmp_account_types = fields.Char(
        "Account Types",
        copy=False,
        help="Account types, separated by commas, whose accounts stand here when neither a tag of theirs nor a "
        "setting of the company says where.",
    )

    _kmp_place_unique = models.UniqueIndex(
        "(kmp_place) WHERE kmp_place IS NOT NULL", "Another tag already has this place in the statements."
    )

    @api.constrains("kmp_account_types")
    def _check_kmp_account_types(self):
        known = dict(self.env["account.account"]._fields["account_type"].selection)
        for tag in self.filtered("kmp_account_types"):
            for name in tag.kmp_account_types.split(","):
                if name not in known:
                    raise ValidationError(
                        self.env._("Tag %(tag)s: %(type)s is no type of account.", tag=tag.name, type=name)
                    )
