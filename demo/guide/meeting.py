"""A meeting of the village's members: half of them have come, the budget is decided, one vote is open."""

from odoo import Command, fields

QUORUM = "1/2"
PORTAL = "base.group_portal"


def hold(odoo, officer, members, languages):
    """:param members: memberships by language, who look at it on their phones; ``{name: id}`` of what the pictures show"""
    create_users(odoo.as_user("admin"), members, languages)
    put_rules_into_force(officer)
    meeting = convene(officer)
    come(meeting, members)
    meeting.action_open()
    budget, report = meeting.resolution_ids
    count(budget)
    report.action_open_vote()
    odoo.commit()
    return {"meeting": meeting.id, "decided": budget.id}


def create_users(env, members, languages):
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "login": f"member-{language}",
                "lang": languages[language],
                "password": f"member-{language}",
                "partner_id": membership.partner_id.id,
                "group_ids": [Command.set(env.ref(PORTAL).ids)],
            }
            for language, membership in members.items()
        ]
    )


def put_rules_into_force(env):
    rule = env["kmp.voting.rule"].create(
        {
            "name": "Tata cara rapat AD 01/2020",
            "clause": "AD pasal 20-24",
            "date_from": "2020-01-02",
            "quorum_total": QUORUM,
            "weight_source": "equal",
            "line_ids": [
                Command.create({"class_id": each.id})
                for each in env["kmp.stakeholder.class"].search([("company_id", "=", env.company.id)])
            ],
        }
    )
    rule.action_put_into_force()


def convene(env):
    meeting = env["kmp.meeting"].create(
        {
            "name": "Rapat Anggota Luar Biasa",
            "kind": "extraordinary",
            "date": fields.Datetime.add(fields.Datetime.now(), days=1),
            "location": "Balai Desa Sukamaju",
            "agenda_ids": [
                Command.create({"name": name}) for name in ("Rencana kerja dan anggaran", "Laporan pengawas")
            ],
            "resolution_ids": [
                Command.create(
                    {
                        "number": f"{place:02d}/RALB",
                        "name": name,
                        "text": f"<p>{text}</p>",
                        "method": method,
                        "sequence": place,
                    }
                )
                for place, (name, text, method) in enumerate(
                    (
                        ("Rencana anggaran", "Rapat menyetujui rencana anggaran.", "hands"),
                        ("Laporan pengawas", "Rapat menerima laporan pengawas.", "secret"),
                    ),
                    start=1,
                )
            ],
        }
    )
    meeting.action_convene()
    return meeting


def come(meeting, members):
    """Two of three, and those who look at it."""
    looking = meeting.roll_ids.filtered(
        lambda row: row.membership_id.id in [each.id for each in members.values()]
    )
    others = (meeting.roll_ids - looking).sorted("number")
    (looking | others[::3] | others[1::3]).action_register()


def count(resolution):
    """All yes, but one no in the largest class."""
    resolution.action_open_vote()
    for line in resolution.count_ids:
        line.yes = line.present
    most = max(resolution.count_ids, key=lambda line: line.present)
    most.write({"yes": most.present - 1, "no": 1})
    resolution.action_close_vote()
