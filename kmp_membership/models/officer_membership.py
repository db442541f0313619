from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class Membership(models.Model):
    _inherit = "kmp.membership"

    def _leave(self, last_day):
        """Only a member is an officer (UU 25/1992 art. 29 par. 1): the term of who leaves ends on the same day.

        :raise UserError: a term begins only after that day
        """
        result = super()._leave(last_day)
        # sudo: a step of the membership, whose rights were checked
        terms = (
            self.env["kmp.officer"]
            .sudo()
            .search([("membership_id", "in", self.ids), ("date_to", ">", last_day)])
        )
        for term in terms:
            if term.date_from > last_day:
                raise UserError(
                    self.env._(
                        "Member %(name)s is to be an officer from %(date_from)s on. Delete that term under Officers first.",
                        name=term.membership_id.display_name,
                        date_from=format_date(self.env, term.date_from),
                    )
                )
        # The member still counts when the term is checked: the status changes after what ends with it.
        terms.write({"date_to": last_day})
        return result
