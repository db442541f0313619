from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class Places(dict):
    """{account id: place or None} of one company. In the context `kmp_places` it saves the asking again for each line
    of a statement; a client cannot forge it, because no client can send an object."""


class AccountAccount(models.Model):
    """Where an account stands in the statements, the same way with every chart of accounts.

    The lines of the templates ask for places, not for account codes. A place comes from, in this order: Odoo's own
    account of the earnings; a tag of the account; the settings of the company (share types, funds and reserves of the
    schemes, SHU payable, income tax, stock valuation, taxes); the type of the account.
    """

    _inherit = "account.account"

    kmp_place = fields.Char(
        "Place in Statements",
        compute="_compute_kmp_place",
        search="_search_kmp_place",
        help="Comes from a tag of the account, else from the settings of the company, else from the account type.",
    )

    @api.depends("tag_ids.kmp_place", "account_type")
    @api.depends_context("company")
    def _compute_kmp_place(self):
        places = self._get_places(self.env.company)
        for account in self:
            account.kmp_place = places.get(account._origin.id)

    @api.depends("code")
    def _compute_account_tags(self):
        """Odoo gives a new account the tags of the one with the closest code. A place is chosen, not guessed."""
        untagged = self.filtered(lambda account: not account.tag_ids)
        result = super()._compute_account_tags()
        for account in untagged:
            account.tag_ids = account.tag_ids.filtered(lambda tag: not tag.kmp_place)
        return result

    def _search_kmp_place(self, operator, value):
        if operator != "in":
            return NotImplemented
        places = self._get_known_places()
        return Domain("id", "in", [account for account, place in places.items() if (place or False) in value])

    @api.model
    def _get_known_places(self):
        """The `Places` of the current company, read anew only where the context has none."""
        places = self.env.context.get("kmp_places")
        return places if isinstance(places, Places) else self._get_places(self.env.company)

    @api.model
    def _get_places(self, company):
        """The `Places` of the company's accounts; those off the balance sheet are none."""
        self.env.flush_all()
        return Places(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (account.id) account.id, place.place
                      FROM account_account account
                      JOIN account_account_res_company_rel company
                        ON company.account_account_id = account.id AND company.res_company_id = %(company)s
                 LEFT JOIN (%(places)s) place(account_id, rank, place) ON place.account_id = account.id
                     WHERE account.account_type != 'off_balance'
                     ORDER BY account.id, place.rank, place.place
                    """,
                    company=company.id,
                    places=self._get_place_query(company),
                )
            )
        )

    @api.model
    def _get_place_query(self, company) -> SQL:
        """`account_id`, `rank`, `place`: what tags, settings and types say; the lowest rank counts."""
        return SQL(
            """
            SELECT id, 0, 'undistributed' FROM account_account WHERE account_type = 'equity_unaffected'
             UNION ALL
            SELECT link.account_account_id, 1, tag.kmp_place
              FROM account_account_account_tag link
              JOIN account_account_tag tag ON tag.id = link.account_account_tag_id
             WHERE tag.kmp_place IS NOT NULL
             UNION ALL SELECT account_id, 2, place FROM (%(settings)s) setting(account_id, place)
             UNION ALL
            SELECT account.id, 3, tag.kmp_place
              FROM account_account account
              JOIN account_account_tag tag
                ON account.account_type = ANY(STRING_TO_ARRAY(tag.kmp_account_types, ','))
             WHERE tag.kmp_place IS NOT NULL
            """,
            settings=SQL(" UNION ALL ").join(self._get_setting_queries(company)),
        )

    @api.model
    def _get_setting_queries(self, company):
        """SELECTs of `account_id` and `place`, one per setting of the company that names accounts."""
        yield SQL(
            """
            SELECT type.account_id,
                   CASE WHEN account.account_type LIKE 'equity%%'
                        THEN CASE type.kind WHEN 'membership' THEN 'share_membership'
                                            WHEN 'compulsory' THEN 'share_compulsory'
                                            WHEN 'participation' THEN 'share_participation'
                                            ELSE 'share_special' END
                        WHEN account.account_type = 'liability_non_current' THEN 'member_debt'
                        ELSE 'savings' END
              FROM kmp_share_type type JOIN account_account account ON account.id = type.account_id
             WHERE type.company_id = %s
            """,
            company.id,
        )
        yield SQL(
            """
            SELECT line.account_id,
                   CASE WHEN account.account_type LIKE 'equity%%' THEN 'reserve' ELSE 'fund' END
              FROM kmp_shu_scheme_line line
              JOIN kmp_shu_scheme scheme ON scheme.id = line.scheme_id
              JOIN account_account account ON account.id = line.account_id
             WHERE scheme.company_id = %s AND line.kind IN ('reserve', 'fund')
            """,
            company.id,
        )
        yield from self._get_company_setting_queries(company)
        yield SQL(
            """
            SELECT link.account_account_id, 'sales'
              FROM account_account_kmp_patronage_basis_rel link
              JOIN kmp_patronage_basis basis ON basis.id = link.kmp_patronage_basis_id
              JOIN account_account account ON account.id = link.account_account_id
             WHERE basis.company_id = %s AND basis.is_participation AND basis.active
               AND account.account_type LIKE 'income%%'
            """,
            company.id,
        )
        yield SQL(
            """
            SELECT line.account_id, 'tax_payable'
              FROM account_tax_repartition_line line JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %s AND account.account_type LIKE 'liability%%'
            """,
            company.id,
        )
        yield SQL(
            """
            SELECT (property_stock_valuation_account_id->>%s)::int, 'inventory'
              FROM product_category WHERE property_stock_valuation_account_id IS NOT NULL
            """,
            str(company.id),
        )

    @api.model
    def _get_company_setting_queries(self, company):
        for field, place in (
            ("shu_undistributed_account_id", "undistributed"),
            ("shu_payable_account_id", "shu_payable"),
            ("kmp_dues_receivable_account_id", "capital_called"),
            ("kmp_dues_called_account_id", "capital_called"),
            ("account_stock_valuation_id", "inventory"),
        ):
            yield SQL(
                "SELECT %s, %s FROM res_company WHERE id = %s", SQL.identifier(field), place, company.id
            )
        yield SQL("SELECT UNNEST(%s::int[]), 'income_tax'", company.sudo().shu_tax_account_ids.ids)
