{
    "name": "Co-operative Auditor's Room",
    "summary": "What the auditor checks and takes home: tie-outs, samples, the ledger of the year, one bundle",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_reports"],
    "data": [
        "security/ir.model.access.csv",
        "security/kmp_audit_rules.xml",
        "data/audit_cron.xml",
        "report/report_actions.xml",
        "views/audit_check_views.xml",
        "views/audit_sample_views.xml",
        "views/audit_views.xml",
        "views/menus.xml",
    ],
}
