from odoo import api, fields, models
from odoo.tools import SQL

from ..import_rows import contact_key

IDENTIFIERS = ("national_id", "email", "phone")


class Membership(models.Model):
    """Who of the register may be the same person: asked by the form, by an import and by an application from outside alike."""

    _inherit = "kmp.membership"

    duplicate_ids = fields.Many2many(
        "kmp.membership",
        compute="_compute_duplicate_ids",
        string="Perhaps the Same",
        help="Same national id, e-mail or phone. Look before you approve.",
    )

    @api.depends("partner_id.email", "partner_id.phone", "national_id", "state", "company_id")
    def _compute_duplicate_ids(self):
        applicants = self.filtered(lambda membership: membership.state in ("applicant", "approved"))
        (self - applicants).duplicate_ids = False
        for company, memberships in applicants.grouped("company_id").items():
            people = [membership._get_identifiers() for membership in memberships]
            for membership, found in zip(memberships, self._find_same_person(company, people), strict=True):
                # Read by whoever reads the register; a member of another company is not looked for.
                membership.duplicate_ids = self.browse((found - membership._origin).ids)

    def _get_identifiers(self):
        self.ensure_one()
        # sudo: that the national id is taken is told to whoever enters an applicant, the number itself is not
        membership = self.sudo()
        return {
            "national_id": membership.national_id or membership.stated_national_id,
            "email": membership.partner_id.email,
            "phone": membership.partner_id.phone,
        }

    @api.model
    def _find_same_person(self, company, people):
        """The members, applicants and former members of a company who have the national id, the e-mail or the phone of these people.

        :param people: list of {"national_id", "email", "phone"}, each of them optional
        :return: list of kmp.membership, one per person, as superuser: tell a stranger no more than that there is one
        Query budget: one.
        """
        keys = [
            {contact_key(name, person[name]) for name in IDENTIFIERS if person.get(name)} for person in people
        ]
        found = {}
        for key, membership_id, _who in self._get_contact_rows(company, set().union(*keys)):
            found.setdefault(key, set()).add(membership_id)
        # sudo: see above
        return [
            self.sudo().browse(sorted(set().union(*(found.get(key, ()) for key in wanted))))
            for wanted in keys
        ]

    @api.model
    def _get_contact_rows(self, company, keys=None):
        """[(key, membership id, "number name")] of a company's register, by the keys of ``contact_key``, here in SQL.

        :param keys: only these; by default all
        """
        self.flush_model(["national_id", "stated_national_id", "company_id", "number", "partner_id"])
        self.env["res.partner"].flush_model(["email", "phone", "name"])
        wanted = (
            SQL("TRUE")
            if keys is None
            else SQL(
                "(k.name, k.key) IN (SELECT * FROM unnest(%s::text[], %s::text[]))",
                [name for name, _value in keys],
                [value for _name, value in keys],
            )
        )
        rows = self.env.execute_query(
            SQL(
                r"""
                SELECT k.name, k.key, m.id, CONCAT_WS(' ', m.number, partner.name)
                  FROM kmp_membership m JOIN res_partner partner ON partner.id = m.partner_id
            CROSS JOIN LATERAL (VALUES
                           ('national_id', COALESCE(m.national_id, m.stated_national_id)),
                           ('email', lower(btrim(partner.email))),
                           ('phone', ltrim(regexp_replace(regexp_replace(partner.phone, '[^0-9]', '', 'g'), '^62', ''), '0'))
                       ) AS k(name, key)
                 WHERE m.company_id = %s AND k.key <> '' AND %s
                 ORDER BY m.id
                """,
                company.id,
                wanted,
            )
        )
        return [((name, key), membership_id, who) for name, key, membership_id, who in rows]
