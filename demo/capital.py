"""What the members paid in: shares and contributions by journal entries that take many members
at once, participation capital by the product's own share operations."""

from .books import post
from .company import account, bank_journal
from .cooperative import share_type
from .members import partner_ids
from .year import (
    CONTRIBUTION_A_MONTH,
    CONTRIBUTION_DAYS,
    FIRST_DAY,
    INVESTMENTS,
    JOINING_DAYS,
    MEMBERSHIP_SHARE,
)

MONTHS = 12
LAST_YEAR_END = FIRST_DAY.replace(year=FIRST_DAY.year - 1, month=12, day=31)


def pay_in(env, people):
    """Post what members paid: the share on joining, contributions until the year and in it."""
    entries = [
        *share_entries(env, people),
        contribution_entry(env, LAST_YEAR_END, people, months_before),
        *(
            contribution_entry(env, day, people[place :: len(CONTRIBUTION_DAYS)], lambda _person: MONTHS)
            for place, day in enumerate(CONTRIBUTION_DAYS)
        ),
    ]
    return post(env, bank_journal(env), entries)


def share_entries(env, people):
    for day in JOINING_DAYS:
        joined = [person for person in people if person.joined == day]
        amounts = {person.number: MEMBERSHIP_SHARE[person.class_code] for person in joined}
        yield day, f"Simpanan pokok {day:%m/%Y}", deposits(env, "membership", amounts)


def contribution_entry(env, day, people, months):
    amounts = {person.number: CONTRIBUTION_A_MONTH[person.class_code] * months(person) for person in people}
    return day, f"Simpanan wajib {day:%m/%Y}", deposits(env, "compulsory", amounts)


def months_before(person):
    return (FIRST_DAY.year - person.joined.year) * MONTHS - person.joined.month + 1


def deposits(env, account_name, amounts):
    """Credit the members on a share account, debit the bank with the sum."""
    partners = partner_ids(env)
    credit = account(env, account_name)
    bank = bank_journal(env).default_account_id
    return [
        {"account_id": bank.id, "balance": sum(amounts.values())},
        *(
            {"account_id": credit.id, "partner_id": partners[number], "balance": -amount, "name": number}
            for number, amount in amounts.items()
        ),
    ]


def invest(env):
    """Enter and post the investors' deposits; takes an officer."""
    numbers = {number for number, _day, _amount in INVESTMENTS}
    memberships = env["kmp.membership"].search([("number", "in", list(numbers))])
    by_number = {membership.number: membership for membership in memberships}
    operations = env["kmp.share.operation"].create(
        [
            {
                "membership_id": by_number[number].id,
                "share_type_id": share_type(env, "MP").id,
                "date": day,
                "amount": amount,
            }
            for number, day, amount in INVESTMENTS
        ]
    )
    operations.action_post()
    return operations
