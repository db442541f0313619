import hashlib
import secrets

from odoo import api, fields, models
from odoo.tools import SQL

# An id is an integer that says nothing: drawn at random below this, and drawn again when it is taken.
ID_LIMIT = 2**31 - 1
# Receipts are written down by hand: no letter looks like another or like a digit. 25 of 31 signs are 123 bits.
RECEIPT_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
RECEIPT_LENGTH, RECEIPT_GROUP = 25, 5


class MeetingBallot(models.Model):
    """The ballots of a secret vote: what was voted, and not by whom.

    A ballot holds the resolution, the class (the tally is by class), the choice and a receipt. It has nothing in common with the row in
    ``kmp.meeting.voter`` that says who has voted: no key, no user, no time; its id is random, where a sequence would tell the order. The
    receipt is the SHA-256 of a random token that only the voter is given. Once the vote is closed the ballots are public to officers,
    supervisors and auditors, so anybody of them can add them up, and a voter finds the ballot by the token
    (``kmp.meeting.resolution._find_ballot``). Before that nobody reads them: there are no early results.

    What PostgreSQL itself keeps could still link the two: the number of the transaction (xmin) and the place in the file (ctid). So closing
    writes all ballots of the vote again, in one transaction and in the order of their receipts (``_shuffle``).

    The limits, honestly:

    * While the vote is open, whoever may read the database itself (not through Odoo) can join the two tables by xmin; and whoever keeps
      its write-ahead log, or backups made during the vote, can do so later. The server sees each ballot as it is cast: against a dishonest
      administrator of the server only paper helps.
    * The counts are by class. A class of which one member voted, or all voted alike, has no secret.
    * With the token a voter can show others how he voted. It protects against a lost or changed ballot, not against being paid for it.
    * Receipts show that a ballot is in the list. That there are no more ballots than voters is checked when the vote is closed, and the
      list of voters shows who they are.
    """

    _name = "kmp.meeting.ballot"
    _description = "Secret Ballot"
    _order = "resolution_id, receipt"
    _rec_name = "receipt"
    _log_access = False

    resolution_id = fields.Many2one(
        "kmp.meeting.resolution", required=True, ondelete="restrict", index=True, readonly=True
    )
    class_id = fields.Many2one("kmp.stakeholder.class", required=True, ondelete="restrict", readonly=True)
    choice = fields.Char(required=True, readonly=True)
    receipt = fields.Char(required=True, readonly=True, index=True)

    @api.model
    def _put(self, resolution, stakeholder_class, choice):
        """Put a ballot into the box; return the token for the voter, which is stored nowhere."""
        token = self._draw_token()
        row = (resolution.id, stakeholder_class.id, choice, self._get_receipt(resolution, token))
        while not self._insert(row):
            pass  # the random id was taken
        return token

    @api.model
    def _draw_token(self):
        """In groups, as it is read out: ``k3m9p-…``."""
        signs = "".join(secrets.choice(RECEIPT_SIGNS) for _sign in range(RECEIPT_LENGTH))
        return "-".join(
            signs[start : start + RECEIPT_GROUP] for start in range(0, RECEIPT_LENGTH, RECEIPT_GROUP)
        )

    @api.model
    def _insert(self, row):
        # self.env.cr and not execute_query: nothing of Odoo's is to be flushed, and nothing is logged.
        self.env.cr.execute(
            SQL(
                """INSERT INTO kmp_meeting_ballot (id, resolution_id, class_id, choice, receipt) VALUES %s
                   ON CONFLICT (id) DO NOTHING RETURNING id""",
                (1 + secrets.randbelow(ID_LIMIT), *row),
            )
        )
        return self.env.cr.fetchone()

    @api.model
    def _get_receipt(self, resolution, token):
        """The SHA-256 of a token, however it is grouped and written."""
        token = "".join((token or "").replace("-", "").split()).lower()
        return hashlib.sha256(f"kmp-ballot\t{resolution.id}\t{token}".encode()).hexdigest()

    @api.model
    def _shuffle(self, resolution):
        """Write the ballots of a vote anew: afterwards neither transaction nor place in the file tells when one was cast."""
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM kmp_meeting_ballot WHERE resolution_id = %s RETURNING class_id, choice, receipt",
                resolution.id,
            )
        )
        for class_id, choice, receipt in sorted(rows, key=lambda row: row[-1]):
            while not self._insert((resolution.id, class_id, choice, receipt)):
                pass
        self.invalidate_model()
