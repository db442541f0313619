"""The members: partners and memberships, in batches."""

from odoo import Command

from .cooperative import classes

# What a bulk load does without: messages and followers of each record.
QUIETLY = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


def register(env, people):
    """Enter existing members, as an officer may: number, state and class period are known."""
    env = env(context={**env.context, **QUIETLY})
    partners = env["res.partner"].create([{"name": person.name} for person in people])
    by_code = classes(env)
    return env["kmp.membership"].create(
        [
            prepare_membership(person, partner, by_code[person.class_code])
            for person, partner in zip(people, partners, strict=True)
        ]
    )


def prepare_membership(person, partner, stakeholder_class):
    return {
        "partner_id": partner.id,
        "number": person.number,
        "state": "active",
        "date_application": person.joined,
        "date_start": person.joined,
        "applied_class_id": stakeholder_class.id,
        "period_ids": [Command.create({"class_id": stakeholder_class.id, "date_from": person.joined})],
    }


def partner_ids(env):
    """``{member number: partner id}``"""
    memberships = env["kmp.membership"].search_fetch([("number", "!=", False)], ["number", "partner_id"])
    return {membership.number: membership.partner_id.id for membership in memberships}
