import html
import re

from odoo import Command, http
from odoo.tests import HttpCase, new_test_user

from .contribution_common import ContributionCase


class PortalMixin(HttpCase):
    """Beside a case with members: give them access, and read the pages as they do."""

    @classmethod
    def _give_access(cls, membership, login):
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            name=membership.partner_id.name,
            partner_id=membership.partner_id.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _sign_in(self, user):
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def _get(self, path):
        return self.url_open(path, allow_redirects=False)

    def _read(self, path):
        """The text of a page, with its blanks made one."""
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200, path)
        main = re.search(r"<main.*</main>", response.text, re.DOTALL).group()
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())

    def _refuse(self, path):
        """Status and what is said of a page that the user may not see."""
        response = self._get(path)
        main = re.search(r"<main.*</main>", response.text, re.DOTALL)
        return response.status_code, main and main.group()

    def _send_form(self, path, **data):
        """A form that is sent as its page sends it."""
        files = data.pop("files", None)
        return self.url_open(
            path,
            data={"csrf_token": http.Request.csrf_token(self), **data},
            files=files,
            allow_redirects=False,
        )


class PortalCase(PortalMixin, ContributionCase):
    """Ani and Budi are members with portal access, Citra applies and has it too; Ani is a member of the other company as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ani = cls._create_member("Ani Wijaya", "A-1")
        cls.budi = cls._create_member("Budi Santoso", "B-1")
        cls.citra = cls.env["kmp.membership"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Citra Dewi"}).id,
                "company_id": cls.company.id,
                "applied_class_id": cls.producers.id,
            }
        )
        cls.elsewhere = cls._register_elsewhere(cls.ani.partner_id)
        cls.user_ani = cls._give_access(cls.ani, "ani")
        cls.user_budi = cls._give_access(cls.budi, "budi")
        cls.user_citra = cls._give_access(cls.citra, "citra")

    @classmethod
    def _register_elsewhere(cls, partner):
        fishers = cls.env["kmp.stakeholder.class"].create(
            {"code": "FSH", "name": "Fishers", "company_id": cls.other_company.id}
        )
        period = Command.create({"class_id": fishers.id, "date_from": "2025-01-01"})
        return cls.env["kmp.membership"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.other_company.id,
                "state": "active",
                "number": "X-7",
                "period_ids": [period],
            }
        )
