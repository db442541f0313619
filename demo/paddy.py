"""Paddy from the producers: receipts into stock, vendor bills, payment, and milling.

Stock is valued at average cost by Odoo itself: a bill debits the paddy account, milling moves its
value to the cost of goods.
"""

from calendar import monthrange
from datetime import date, datetime, time

from odoo import Command

from .books import post
from .company import account, bank_journal
from .people import PRODUCERS
from .year import HARVESTS, MILLING_MONTHS, PADDY_PRICE, YEAR

FEWEST_KG, STEP_KG, SPREAD = 3_000, 125, 17
NOON = time(5)  # in UTC, which is noon in Jakarta


def kilograms(producer, harvest):
    """What a producer brings in a harvest: invented, and always the same.

    >>> kilograms(1, 0), kilograms(2, 0), kilograms(1, 1)
    (3875, 4750, 4500)
    """
    return FEWEST_KG + STEP_KG * ((7 * producer + 5 * harvest) % SPREAD)


def harvest_kilograms(harvest):
    return sum(kilograms(producer, harvest) for producer in range(1, PRODUCERS + 1))


def milled_by_month():
    """``{month: kilograms}``: each harvest is milled in whole by its last month."""
    milled = {}
    for month, harvest in MILLING_MONTHS.items():
        months = [each for each, of in MILLING_MONTHS.items() if of == harvest]
        part = harvest_kilograms(harvest) // len(months)
        rest = harvest_kilograms(harvest) - part * len(months)
        milled[month] = part + (rest if month == months[-1] else 0)
    return milled


def last_day(month):
    return date(YEAR, month, monthrange(YEAR, month)[1])


def at_noon(day):
    return datetime.combine(day, NOON)


def warehouse(env):
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def create_product(env):
    category = env["product.category"].create(
        {
            "name": "Gabah",
            "property_valuation": "real_time",
            "property_cost_method": "average",
            "property_stock_valuation_account_id": account(env, "paddy").id,
            "property_account_expense_categ_id": account(env, "cost").id,
        }
    )
    return env["product.product"].create(
        {
            "name": "Gabah kering panen",
            "type": "consu",
            "is_storable": True,
            "categ_id": category.id,
            "uom_id": env.ref("uom.product_uom_kgm").id,
            "standard_price": PADDY_PRICE,
            "supplier_taxes_id": False,
            "taxes_id": False,
        }
    )


def create_mill(env):
    """Where paddy goes to be milled: what leaves stock for it becomes cost of goods."""
    return env["stock.location"].create(
        {
            "name": "Penggilingan",
            "usage": "production",
            "company_id": env.company.id,
            "valuation_account_id": account(env, "cost").id,
        }
    )


def bring(env, product, producers, harvest, day):
    """Receive, bill and pay a harvest; ``producers`` are partners in order."""
    brought = {partner: kilograms(producer, harvest) for producer, partner in enumerate(producers, start=1)}
    receipts = receive(env, product, brought, day)
    pay(env, bill(env, product, receipts, day), day)


def receive(env, product, brought, day):
    """A receipt into stock per producer, done on that day."""
    suppliers = env.ref("stock.stock_location_suppliers")
    stock = warehouse(env).lot_stock_id
    receipts = env["stock.picking"].create(
        [
            {
                "partner_id": partner.id,
                **prepare_transfer(warehouse(env).in_type_id, product, quantity, suppliers, stock, day),
            }
            for partner, quantity in brought.items()
        ]
    )
    finish(receipts, day)
    return receipts


def prepare_transfer(picking_type, product, quantity, source, target, day):
    move = {
        "product_id": product.id,
        "product_uom_qty": quantity,
        "product_uom": product.uom_id.id,
        "location_id": source.id,
        "location_dest_id": target.id,
    }
    return {
        "picking_type_id": picking_type.id,
        "location_id": source.id,
        "location_dest_id": target.id,
        "scheduled_date": at_noon(day),
        "move_ids": [Command.create(move)],
    }


def finish(pickings, day):
    """Transfers done in whole on that day, and so their entries in the ledger."""
    pickings.action_confirm()
    for move in pickings.move_ids:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    pickings.with_context(force_period_date=day)._action_done()
    pickings.date_done = at_noon(day)


def bill(env, product, receipts, day):
    """A posted vendor bill per receipt, for the weight that was received."""
    bills = env["account.move"].create(
        [
            {
                "move_type": "in_invoice",
                "partner_id": receipt.partner_id.id,
                "invoice_date": day,
                "date": day,
                "invoice_origin": receipt.name,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": receipt.move_ids.quantity,
                            "price_unit": PADDY_PRICE,
                            "tax_ids": False,
                        }
                    )
                ],
            }
            for receipt in receipts
        ]
    )
    bills._post(soft=False)
    return bills


def pay(env, bills, day):
    payable = bills.line_ids.filtered(lambda line: line.account_type == "liability_payable")
    bank = bank_journal(env).default_account_id
    items = [
        {"account_id": line.account_id.id, "partner_id": line.partner_id.id, "balance": -line.balance}
        for line in payable
    ]
    items.append({"account_id": bank.id, "balance": sum(payable.mapped("balance"))})
    payment = post(env, bank_journal(env), [(day, f"Pembayaran gabah {day:%m/%Y}", items)])
    paid = payment.line_ids.filtered("partner_id").grouped("partner_id")
    for line in payable:
        (line | paid[line.partner_id]).reconcile()


def mill(env, product, location, month, quantity):
    """Move paddy out of stock to the mill on the last day of a month."""
    day = last_day(month)
    stock = warehouse(env).lot_stock_id
    vals = prepare_transfer(warehouse(env).int_type_id, product, quantity, stock, location, day)
    finish(env["stock.picking"].create({**vals, "origin": f"Penggilingan {day:%m/%Y}"}), day)


def trade(env):
    """The year's paddy; the number of documents."""
    product, location = create_product(env), create_mill(env)
    numbers = [f"PRO-{number:02d}" for number in range(1, PRODUCERS + 1)]
    memberships = env["kmp.membership"].search([("number", "in", numbers)], order="number")
    for harvest, day in enumerate(HARVESTS):
        bring(env, product, memberships.partner_id, harvest, day)
    milled = milled_by_month()
    for month, quantity in milled.items():
        mill(env, product, location, month, quantity)
    return len(HARVESTS) * (2 * PRODUCERS + 1) + len(milled)
