import re
from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import email_normalize

from ..tools import is_national_id
from .membership import OFFICER

TEXTS = {
    "name": 100,
    "birth_place": 60,
    "occupation": 60,
    "street": 150,
    "city": 60,
    "zip": 12,
    "phone": 24,
    "email": 120,
    "message": 1000,
}
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,22}")
OLDEST_BIRTH = date(1900, 1, 1)


class Membership(models.Model):
    """Applications that strangers send in from the public page.

    Nothing in here looks whether the person is known: the form answers everybody the same, and takes the same way for all. So the
    national id is kept apart as *stated* until an officer, who sees perhaps the same people, approves. Every application makes a
    contact of its own.
    """

    _inherit = "kmp.membership"

    is_from_outside = fields.Boolean("Applied Online", readonly=True, copy=False)
    stated_national_id = fields.Char(
        "National ID as Stated",
        groups=OFFICER,
        copy=False,
        help="From the application; taken over when it is approved.",
    )
    accepted_bylaws_id = fields.Many2one(
        "kmp.bylaws", "By-laws Accepted", readonly=True, copy=False, ondelete="restrict", check_company=True
    )
    accepted_on = fields.Datetime(readonly=True, copy=False)

    def _step_approve(self, _date, _class_id):
        """What was stated becomes the national id; PostgreSQL refuses one that another member has."""
        for membership in self.filtered(lambda each: each.stated_national_id and not each.national_id):
            membership.national_id = membership.stated_national_id

    @api.model
    def _read_application(self, company, form):
        """Check what a stranger entered.

        :param form: dict of texts, whatever was sent
        :return: (values for ``_apply_from_outside``, {field: message}); the values are complete when there is no message
        """
        values = {name: _clean(form.get(name), limit) for name, limit in TEXTS.items()}
        errors = {}
        self._read_class(company, form, values, errors)
        self._read_contact(values, errors)
        if values["kind"] == "person":
            self._read_person(form, values, errors)
        if not form.get("accept"):
            errors["accept"] = self.env._("Accept the by-laws and the use of your data to apply.")
        return values, errors

    @api.model
    def _read_class(self, company, form, values, errors):
        kinds = [kind for kind, _label in self._fields["member_kind"].selection]
        values["kind"] = form.get("kind") if form.get("kind") in kinds else "person"
        classes = company._get_open_classes()
        chosen = classes.filtered(lambda each: str(each.id) == form.get("class_id"))
        values["class_id"] = chosen.id
        if not chosen:
            errors["class_id"] = self.env._("Choose the class for which you apply.")
        elif not chosen._admits(values["kind"]):
            errors["class_id"] = self.env._(
                "The class %(name)s does not admit your kind of member. Choose another one.", name=chosen.name
            )

    @api.model
    def _read_contact(self, values, errors):
        if len(values["name"]) < 2:
            errors["name"] = self.env._("Enter the full name.")
        values["email"] = email_normalize(values["email"]) or ""
        if not values["email"]:
            errors["email"] = self.env._("Enter an e-mail address at which we reach you.")
        if not PHONE.fullmatch(values["phone"]):
            errors["phone"] = self.env._("Enter a phone number: digits, with + in front if you like.")
        if not values["street"] or not values["city"]:
            errors["street"] = self.env._("Enter your address.")

    @api.model
    def _read_person(self, form, values, errors):
        values["national_id"] = "".join((form.get("national_id") or "").split())
        if not is_national_id(values["national_id"]):
            errors["national_id"] = self.env._("The national id (NIK) has 16 digits.")
        values["birth_date"] = _to_date(form.get("birth_date"))
        if not values["birth_date"] or not OLDEST_BIRTH <= values["birth_date"] <= fields.Date.today():
            errors["birth_date"] = self.env._("Enter the date of birth.")
        sexes = dict(self._fields["sex"].selection)
        values["sex"] = form.get("sex") if form.get("sex") in sexes else False

    @api.model
    def _apply_from_outside(self, company, values, uploads):
        """Enter an application of somebody who is not signed in; the officer is told, and the applicant gets a mail.

        :param values: from ``_read_application``, without messages
        :param uploads: list of ``uploads.Upload``
        :return: the membership, as superuser
        """
        # As the system: strangers have no rights, and officers of one company may not read the user of another that strangers share.
        memberships = self.with_user(SUPERUSER_ID).with_company(company)
        partner = memberships.env["res.partner"].create(self._prepare_applicant_vals(company, values))
        membership = memberships.create(self._prepare_application_vals(company, partner, values))
        membership._keep_uploads(uploads)
        membership._announce_application()
        return membership

    @api.model
    def _prepare_applicant_vals(self, company, values):
        return {
            "is_company": values["kind"] != "person",
            "company_id": company.id,
            "country_id": company.country_id.id,
            "lang": self.env.lang or company.partner_id.lang,
            **{name: values[name] for name in ("name", "email", "phone", "street", "city", "zip")},
        }

    @api.model
    def _prepare_application_vals(self, company, partner, values):
        person = ("birth_place", "birth_date", "sex", "occupation") if values["kind"] == "person" else ()
        return {
            "partner_id": partner.id,
            "company_id": company.id,
            "member_kind": values["kind"],
            "applied_class_id": values["class_id"],
            "stated_national_id": values.get("national_id"),
            "accepted_bylaws_id": company._get_bylaws_in_force().id,
            "accepted_on": fields.Datetime.now(),
            "is_from_outside": True,
            **{name: values[name] for name in person},
        }

    def _announce_application(self):
        template = self.env.ref("kmp_membership.mail_template_application", raise_if_not_found=False)
        if template:
            template.send_mail(self.id)
        officer = self.company_id._get_portal_user()
        if officer:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=officer.id,
                summary=self.env._("Application from the web"),
            )

    @api.model
    def _explain_upload(self, refused):
        """Why a file is not accepted; see ``uploads.UploadError``."""
        messages = {
            "too_large": self.env._(
                "%(file)s is too large. A file may have 5 MB at most.", file=refused.name
            ),
            "too_many": self.env._("These are too many files. Send five at most."),
            "wrong_type": self.env._(
                "%(file)s is not accepted. Send a PDF, JPEG or PNG file.", file=refused.name
            ),
        }
        return messages[refused.reason]


def _clean(text, limit):
    """One line of visible characters, not longer than the limit."""
    visible = "".join(
        character if character.isprintable() else " " for character in (text or "")[: 4 * limit]
    )
    return " ".join(visible.split())[:limit]


def _to_date(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
