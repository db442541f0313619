import time

from psycopg2.errors import LockNotAvailable, QueryCanceled, SerializationFailure

from odoo import fields, models
from odoo.exceptions import LockError, RedirectWarning, UserError
from odoo.tools import SQL

from ..tools import unsealed

# How long a worker that has nothing to do waits for the others, in seconds.
PAUSE = 1


class OthersAtWorkError(Exception):
    """What is left to do are steps that other workers are at."""


class Background(models.AbstractModel):
    """Long work that a cron does step by step, one commit after the other.

    A step is a transaction: it is done or it is not, so work that was killed goes on where it stopped. A step that is refused
    stops its record, which says why and waits for a user. Who inherits it seals `halted` and implements `_process_batch` and
    `_count_remaining`; the record needs a chatter.
    """

    _name = "kmp.background"
    _description = "Work in the Background"

    halted = fields.Text("Stopped Because", copy=False, readonly=True)

    def _process_batch(self):
        """Do the next step of this record.

        :return: the number of units done, as `_count_remaining` counts them; 0 when nothing was left
        """
        raise NotImplementedError

    def _count_remaining(self):
        raise NotImplementedError

    def _claim(self):
        """Keep a second worker away from this record until the next commit.

        :raise LockError: somebody works on it
        """
        if not self.try_lock_for_update(allow_referencing=True):
            raise LockError(self.env._("%s is being processed.", self.display_name))

    def _process_in_background(self):
        """Called by a cron, outside of any other transaction.

        :return: whether there was time to finish
        """
        cron = self.env["ir.cron"]
        seconds = cron._commit_progress(remaining=self._count_remaining())
        while seconds and self._count_remaining():
            try:
                done = self._process_claimed()
            except LockError:
                self.env.cr.rollback()
                return True
            except (QueryCanceled, SerializationFailure):
                self.env.cr.rollback()  # a user stopped the step or wrote the record meanwhile: look anew
                continue
            except OthersAtWorkError:
                self.env.cr.rollback()
                time.sleep(PAUSE)
                seconds = cron._commit_progress(remaining=self._count_remaining())
                continue
            except (UserError, RedirectWarning) as error:
                self._halt(error.args[0])
                return True
            if not done:
                break
            seconds = cron._commit_progress(done, remaining=self._count_remaining())
        return not self._count_remaining()

    def _process_claimed(self):
        self._claim()
        self.invalidate_recordset()
        done = self._process_batch()
        self.env.flush_all()
        return done

    def _halt(self, reason):
        self.env.cr.rollback()
        unsealed(self).halted = reason
        self._message_log(body=self.env._("Stopped: %(reason)s", reason=reason))
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _wait_and_lock(self, timeout):
        """Lock the record for a user behind whoever works on it, who lets it go after a step.

        :param timeout: how long the user waits, in the words of PostgreSQL, such as ``3s``
        :raise UserError: the step takes longer
        """
        self.flush_recordset()
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", timeout))
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        "SELECT FROM %s WHERE id = %s FOR NO KEY UPDATE", SQL.identifier(self._table), self.id
                    )
                )
        except LockNotAvailable:
            raise UserError(
                self.env._("%s is about to finish a step. Open it again in a moment.", self.display_name)
            ) from None
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = DEFAULT"))
        self.invalidate_recordset()
