"""The company, its currency in whole rupiah, its chart of accounts and its users."""

from odoo import Command

from .year import COMPANY, LAST_DAY

WHOLE_RUPIAH = 1.0
CHART = "id"

# What a co-op needs and the Indonesian chart lacks: name: (code, account type, label).
ACCOUNTS = {
    "membership": ("31100110", "equity", "Simpanan Pokok"),
    "compulsory": ("31100120", "equity", "Simpanan Wajib"),
    "participation": ("31100130", "equity", "Modal Penyertaan"),
    "reserve": ("31210020", "equity", "Dana Cadangan Umum"),
    "savings": ("21300010", "liability_current", "Simpanan Sukarela"),
    "education": ("21400010", "liability_current", "Dana Pendidikan"),
    "social": ("21400020", "liability_current", "Dana Sosial"),
    "board": ("21400030", "liability_current", "Dana Pengurus"),
    "village": ("21400040", "liability_current", "Dana Pembangunan Desa"),
    "payable": ("21400050", "liability_current", "SHU Bagian Anggota"),
    "goods": ("11300110", "asset_current", "Persediaan Barang Toko"),
    "paddy": ("11300120", "asset_current", "Persediaan Gabah"),
    "meeting": ("62100010", "expense", "Beban Rapat Anggota"),
}
# Accounts of the chart, by its own names.
CHART_ACCOUNTS = {
    "undistributed": "l10n_id_999999",
    "sales": "l10n_id_41000010",
    "cost": "l10n_id_51000010",
    "wages": "l10n_id_61100010",
    "electricity": "l10n_id_63110080",
    "rent": "l10n_id_65110040",
    "delivery": "l10n_id_65110090",
}

# Login: (name, groups). The password is the login: it is a demonstration.
USERS = {
    "accountant": ("Demo Accountant", ["kmp_shu.group_shu_accountant"]),
    "chair": ("Demo Chair", ["kmp_membership.group_officer"]),
    "supervisor": ("Demo Supervisor", ["kmp_membership.group_supervisor"]),
    "auditor": ("Demo Auditor", ["kmp_membership.group_auditor"]),
}


def set_up(env):
    """Make the template's company the co-op."""
    rupiah = env.ref("base.IDR")
    rupiah.write({"active": True, "rounding": WHOLE_RUPIAH})
    company = env.company
    company.write({"name": COMPANY, "country_id": env.ref("base.id").id})
    if company.chart_template != CHART:
        env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    dollar = company.currency_id
    company.write({"currency_id": rupiah.id, "fiscalyear_last_month": str(LAST_DAY.month)})
    (dollar - rupiah).active = False  # one currency, so that no screen asks for one
    create_users(env)
    create_accounts(env)
    set_distribution_accounts(env)


def create_users(env):
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": name,
                "login": login,
                "password": login,
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
            for login, (name, groups) in USERS.items()
        ]
    )


def create_accounts(env):
    env["account.account"].create(
        [
            {"code": code, "account_type": account_type, "name": label}
            for code, account_type, label in ACCOUNTS.values()
        ]
    )
    account(env, "undistributed").name = "SHU Belum Dibagi"


def account(env, name):
    """The account of one of the names above."""
    if name in CHART_ACCOUNTS:
        return env["account.chart.template"].ref(CHART_ACCOUNTS[name])
    code, _account_type, _label = ACCOUNTS[name]
    return env["account.account"].search([("code", "=", code)])


def bank_journal(env):
    return env["account.journal"].search([("type", "=", "bank")], limit=1)


def general_journal(env):
    return env["account.journal"].search([("type", "=", "general"), ("code", "=", "MISC")], limit=1)


def set_distribution_accounts(env):
    journal = env["account.journal"].create({"name": "Pembagian SHU", "code": "SHU", "type": "general"})
    env.company.write(
        {
            "shu_undistributed_account_id": account(env, "undistributed").id,
            "shu_payable_account_id": account(env, "payable").id,
            "shu_journal_id": journal.id,
            "kmp_deposit_journal_id": bank_journal(env).id,
        }
    )
