"""A surplus that company 1 distributed, a loss that it bore, and what its annual report asks for."""

import io
from datetime import date

from odoo import Command

from odoo.addons.kmp_membership.tools import unsealed

from .members import BUSINESS, MembersCase


class SurplusCase(MembersCase):
    """`year`, the posted run; `reserve`, an account; `bank_file`, how payouts are written."""

    @classmethod
    def _distribute_surplus(cls):
        undistributed = cls._create_account("390001", "SHU", "equity_unaffected")
        payable = cls._create_account("220001", "SHU Terutang", "liability_current")
        sales = cls._create_account("410001", "Penjualan", "income")
        cls.company.write(
            {
                "shu_undistributed_account_id": undistributed.id,
                "shu_payable_account_id": payable.id,
                "shu_journal_id": cls.misc_journal.id,
            }
        )
        cls._create_entry(sales, None, 1000, date(2025, 12, 31)).action_post()
        category = cls.env["product.category"].create({"name": "First quality"})
        shop = cls.env["kmp.patronage.basis"].create(
            {
                "code": "SHOP",
                "name": "Shop",
                "source": "kmp.patronage.source.imported",
                "measure": "value",
                "company_id": cls.company.id,
                "weight_ids": [Command.create({"category_id": category.id, "factor": 1})],
            }
        )
        cls.env["kmp.patronage.import"]._import_file(io.BytesIO(BUSINESS), "business.csv", shop)
        cls.reserve = cls._create_account("390002", "Dana Cadangan", "equity")
        cls._create_entry(cls.reserve, None, 10, date(2025, 1, 5)).action_post()
        split = [Command.create({"class_id": cls.producers.id, "percent": 100})]
        scheme = cls.env["kmp.shu.scheme"].create(
            {
                "name": "By-laws",
                "company_id": cls.company.id,
                "date_from": "2025-01-01",
                "line_ids": [
                    Command.create(
                        {
                            "code": "CAD",
                            "name": "Cadangan",
                            "kind": "reserve",
                            "percent": 20,
                            "account_id": cls.reserve.id,
                        }
                    ),
                    Command.create({"code": "JM", "name": "Jasa modal", "kind": "capital", "percent": 30}),
                    Command.create(
                        {
                            "code": "JU",
                            "name": "Jasa usaha",
                            "kind": "patronage",
                            "percent": 50,
                            "basis_id": shop.id,
                            "split_ids": split,
                        }
                    ),
                ],
            }
        )
        cls.env["kmp.shu.scheme.line"].create(
            {
                "scheme_id": scheme.id,
                "code": "INS",
                "name": "Incentive",
                "kind": "fund",
                "percent": 0,
                "account_id": cls.reserve.id,
                "condition": "The targets were met",
                "excess_line_id": scheme.line_ids.filtered(lambda line: line.kind == "reserve").id,
            }
        )
        scheme.action_put_into_force()
        cls.year = cls.env["kmp.shu.run"].create(
            {
                "scheme_id": scheme.id,
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
                "posting_date": "2026-03-24",
            }
        )
        cls.year.condition_ids.write({"is_met": "yes", "note": "Minutes 7"})
        cls.year._update_warnings().write({"reason": "No income tax is due"})
        cls.year._update_warnings().write({"reason": "The treasurer knows"})
        cls.year.action_compute()
        cls.year.with_user(cls.officer).write({"resolution": "07/RAT/2026"})
        cls.year.with_user(cls.officer).action_approve()
        cls.year.action_post()
        cls.env["kmp.shu.payout.wizard"].create(
            {"run_id": cls.year.id, "method": "cash", "date": "2026-04-01"}
        ).action_prepare()
        cls.bank_file = cls.env["kmp.bank.file.format"].create(
            {
                "name": "Bank",
                "company_id": cls.company.id,
                "column_ids": [
                    Command.create({"kind": "account_number"}),
                    Command.create({"kind": "amount"}),
                ],
            }
        )

    @classmethod
    def _bear_loss(cls):
        cls._create_entry(cls.expense, None, -50, date(2024, 12, 31)).action_post()
        cls.env["kmp.shu.loss"].create(
            {
                "date_from": "2024-01-01",
                "date_to": "2024-12-31",
                "line_ids": [
                    Command.create({"kind": "reserve", "account_id": cls.reserve.id, "percent": 100})
                ],
            }
        )

    @classmethod
    def _receive_grant(cls):
        cls.env["kmp.funding"].create(
            {
                "name": "12/HIBAH/2025",
                "source_type": "village",
                "source_name": "Desa",
                "amount": 10,
                "date_received": "2025-01-05",
                "account_id": cls.reserve.id,
                "company_id": cls.company.id,
            }
        )
        cls.env["kmp.market.comparison"].create(
            {
                "name": "Shop",
                "date_to": "2025-12-31",
                "basis_id": cls.env["kmp.patronage.basis"]
                .search([("company_id", "=", cls.company.id)], limit=1)
                .id,
                "difference": 5,
                "company_id": cls.company.id,
            }
        )
        cls.env["kmp.report.text"]._prepare_year(cls.company, date(2025, 12, 31), "supervisors")
        pack = cls.env["kmp.rat.pack"].create({"date_to": "2025-12-31", "company_id": cls.company.id})
        officer = cls.env["kmp.officer"].search([("company_id", "=", cls.company.id)], limit=1)
        unsealed(cls.env["kmp.rat.pack.signature"]).create({"pack_id": pack.id, "officer_id": officer.id})
