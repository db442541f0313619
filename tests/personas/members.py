"""The members of company 1: registered, billed, suspended, and what they ask for on the web."""

import base64
from datetime import date

from odoo import Command

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase

BUSINESS = b"member,date,value\nA-1,2025-05-05,300\n"
MEMBERS = b"number,name,class,date_start\nC-1,Citra,PRD,2025-01-01\n"
FILE = base64.b64encode(BUSINESS)


class MembersCase(ContributionCase):
    """`members[persona]`, `member` (A), `applicant`, and the `operation` by which member A paid in."""

    @classmethod
    def _register_members(cls):
        cls.members = {
            "member-a": cls._create_member("Ani", "A-1", national_id="3171234567890001"),
            "member-b": cls._create_member("Budi", "B-1"),
        }
        cls.member = cls.members["member-a"]
        cls.member.partner_id.write(
            {
                "phone": "0812000001",
                "email": "ani@example.com",
                "bank_ids": [Command.create({"acc_number": "1234567890"})],
            }
        )
        cls.bylaws = cls.env["kmp.bylaws"].create(
            {
                "name": "AD",
                "date": "2020-01-01",
                "date_from": "2020-01-01",
                "company_id": cls.company.id,
                "document": FILE,
            }
        )
        cls.operation = cls._create_deposit(cls.member, 100)
        cls.operation.with_user(cls.officer).action_post()
        cls._open_to_the_web()
        cls.env["kmp.officer"].create(
            {
                "membership_id": cls.member.id,
                "date_from": "2025-01-01",
                "date_to": "2026-01-01",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _open_to_the_web(cls):
        """An application, a request of member A, and a public page."""
        cls.company.kmp_applications_open = True
        cls.applicant = cls.env["kmp.membership"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Citra"}).id,
                "company_id": cls.company.id,
                "applied_class_id": cls.producers.id,
            }
        )
        asked = {"message": "x", "share_type_id": cls.pokok.id, "amount": 5}
        cls.env["kmp.member.request"].create({"membership_id": cls.member.id, "kind": "deposit", **asked})
        cls.env["kmp.web.attempt"].create({"key": "x", "hour": "2026-01-01 00:00:00", "count": 1})

    @classmethod
    def _bill_dues(cls):
        january = cls._bill()
        line = january.line_ids.filtered(lambda line: line.membership_id == cls.member)
        cls._match(cls._pay(cls.member, 20000), line)
        cls.env["kmp.contribution.exemption"].create(
            {"membership_id": cls.member.id, "reason": "Harvest failed"}
        )

    @classmethod
    def _suspend(cls):
        cls.member.with_user(cls.officer)._apply_step(
            "suspend", date(2025, 6, 1), document=FILE, document_name="letter.csv"
        )

    @classmethod
    def _sell_ticket(cls):
        cls.env["kmp.ticket"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.member.partner_id.id,
                "membership_id": cls.member.id,
                "class_id": cls.producers.id,
                "share_type_id": cls.pokok.id,
                "amount": 100,
            }
        )
        cls.product = cls.env["product.product"].create({"name": "Ticket", "company_id": cls.company.id})

    @classmethod
    def _check_import(cls):
        cls.env["kmp.membership.import"].create(
            {"company_id": cls.company.id, "file": base64.b64encode(MEMBERS), "file_name": "members.csv"}
        ).action_check()
