from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import unsealed

# Mails in one transaction. A convocation of more members is sent in the background.
BATCH = 200
LOCK_TIMEOUT = "3s"
AT_REST = {"sender_id": False, "sent_count": 0, "halted": False}


class Meeting(models.Model):
    """The convocation by e-mail: to a few at once, to many in the background. A batch is sent and recorded in one transaction, so
    that a server that is killed goes on with those who were not told, and nobody is told twice."""

    _inherit = "kmp.meeting"

    sender_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Who sends the convocation, while it is being sent."
    )
    sent_count = fields.Integer("Convocations Sent", readonly=True, copy=False)
    sending_progress = fields.Integer(
        compute="_compute_sending_progress", help="Percent of the members with e-mail."
    )

    @api.depends("sent_count")
    def _compute_sending_progress(self):
        for meeting in self:
            sent = meeting.sent_count
            meeting.sending_progress = 100 * sent // (sent + meeting._count_remaining()) if sent else 0

    def _check_not_sending(self):
        """Refuse while the convocation is being sent; one that had stopped ends here."""
        if self.halted:
            unsealed(self).write(AT_REST)
        if self.sender_id:
            raise UserError(
                self.env._(
                    "%(meeting)s: the convocation is being sent. Wait until everybody is told, or stop it.",
                    meeting=self.name,
                )
            )

    def action_send_convocation(self):
        """Send the convocation, with its documents, to those on the roll who have not had it yet. For officers.

        :raise UserError: nobody with an e-mail address is left
        """
        self._begin_step("convened")
        remaining = self._count_remaining()
        if not remaining:
            raise UserError(
                self.env._(
                    "%(meeting)s: everybody with an e-mail address has been told already.", meeting=self.name
                )
            )
        unsealed(self).sender_id = self.env.user
        if remaining > BATCH:
            self.env.ref("kmp_meeting.convocation_cron")._trigger()
        else:
            self._process_batch()

    def action_stop_sending(self):
        """Send no more; who was told stays told. For officers."""
        self.ensure_one()
        self._check_officer()
        self._wait_and_lock(LOCK_TIMEOUT)
        if self.sender_id:
            self._end_sending()

    def _get_waiting_domain(self):
        return [("meeting_id", "=", self.id), ("invited_on", "=", False)]

    def _get_reachable_domain(self):
        return [*self._get_waiting_domain(), ("membership_id.partner_id.email", "!=", False)]

    def _count_remaining(self):
        return self.env["kmp.meeting.roll"].search_count(self._get_reachable_domain())

    @api.model
    def _cron_send_convocations(self):
        """Go on with what is being sent, also where its server died."""
        for meeting in self.search([("sender_id", "!=", False), ("halted", "=", False)], order="id"):
            if not meeting._process_in_background():
                return
            if meeting.sender_id and not meeting._count_remaining():
                meeting._end_sending()  # the last addresses were removed meanwhile

    def _process_batch(self):
        """Send a batch as whoever pressed the button, see `kmp.background`."""
        sender = self.sender_id
        meeting = self.with_user(sender).with_company(self.company_id).with_context(lang=sender.lang)
        rows = meeting.env["kmp.meeting.roll"].search(self._get_reachable_domain(), order="id", limit=BATCH)
        meeting._mail_convocation(rows)
        unsealed(rows).write({"invited_on": fields.Datetime.now()})
        unsealed(self).sent_count += len(rows)
        if not self._count_remaining():
            meeting._end_sending()
        return len(rows)

    def _mail_convocation(self, rows):
        template = self.env.ref("kmp_meeting.mail_template_convocation")
        # sudo: an officer need not be the author of the documents that every member gets
        documents = self.sudo().attachment_ids
        template.send_mail_batch(
            rows.ids,
            email_values={"attachment_ids": [fields.Command.link(document.id) for document in documents]},
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _end_sending(self):
        rolls = self.env["kmp.meeting.roll"]
        waiting, reachable = (
            rolls.search_count(domain)
            for domain in (self._get_waiting_domain(), self._get_reachable_domain())
        )
        self.message_post(
            body=self.env._(
                "Convocation sent to %(sent)s; %(missing)s have no e-mail address.",
                sent=self.sent_count,
                missing=waiting - reachable,
            )
        )
        unsealed(self).write(AT_REST)
