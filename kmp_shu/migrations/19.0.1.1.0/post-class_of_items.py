"""The items of entries that were posted before they carried the class of the members."""

MEMBER_ITEMS = """
    UPDATE account_move_line item SET kmp_class_id = share.class_id
      FROM kmp_shu_run run JOIN kmp_shu_share share ON share.run_id = run.id
     WHERE item.move_id IN (run.move_id, run.reversal_move_id)
       AND item.partner_id = share.partner_id AND item.kmp_class_id IS NULL
"""
# The item of a class is named "<run> <class>: <count> members", in the language of who posted it.
CLASS_ITEMS = """
    UPDATE account_move_line item SET kmp_class_id = named.class_id
      FROM (SELECT DISTINCT ON (item.id) item.id, class.id AS class_id
              FROM kmp_shu_run run
              JOIN account_move_line item ON item.move_id IN (run.move_id, run.reversal_move_id)
              JOIN kmp_stakeholder_class class ON class.company_id = run.company_id
        CROSS JOIN LATERAL jsonb_each_text(class.name) AS translated(lang, name)
             WHERE item.partner_id IS NULL AND item.kmp_class_id IS NULL
               AND STARTS_WITH(item.name, run.name || ' ' || translated.name || ':')
             ORDER BY item.id, LENGTH(translated.name) DESC) named
     WHERE item.id = named.id
"""


def migrate(cr, version):
    if version:
        cr.execute(MEMBER_ITEMS)
        cr.execute(CLASS_ITEMS)
