from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import is_key

NUMBER_SEQUENCE = "kmp.membership"


class Membership(models.Model):
    """The member number: one sequence per company, given on activation, never changed and never used again."""

    _inherit = "kmp.membership"

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
        return company._get_kmp_sequence(NUMBER_SEQUENCE, self.env._("Member numbers of %s", company.name))
