"""The year's end, each step by the user who may do it."""

from decimal import Decimal

from .cooperative import basis
from .year import FIRST_DAY, LAST_DAY, MEETING_DAY, NO_TAX, RESOLUTION


def import_purchases(env, path):
    """Import the file through the product's own door; the import record."""
    with open(path, "rb") as stream:
        return env["kmp.patronage.import"]._import_file(stream, path.name, basis(env, "BELANJA"))


def create_run(env):
    scheme = env["kmp.shu.scheme"].search([("state", "=", "in_force")])
    return env["kmp.shu.run"].create(
        {
            "scheme_id": scheme.id,
            "date_from": FIRST_DAY,
            "date_to": LAST_DAY,
            "posting_date": MEETING_DAY,
        }
    )


def acknowledge(run):
    """Answer for the one warning that this co-op gives: it has no income tax."""
    for warning in run._update_warnings():
        assert warning.kind == "tax_unset", warning.message
        warning.reason = NO_TAX


def approve(run):
    run.resolution = RESOLUTION
    run.action_approve()


def check_totals(batch, control):
    """Assert that the import holds every row of the file to the rupiah."""
    batch.env.cr.execute(
        "SELECT row_count, member_count, value::text FROM kmp_patronage_import WHERE id = %s", [batch.id]
    )
    rows, members, value = batch.env.cr.fetchone()
    assert (rows, members, Decimal(value)) == (control.rows, control.members, control.value)
