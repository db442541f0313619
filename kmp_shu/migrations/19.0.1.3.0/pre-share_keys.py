"""The last keys of a share that were checked row by row, and an index that the unique constraint already is."""


def migrate(cr, version):
    cr.execute("""
        ALTER TABLE kmp_shu_share
            DROP CONSTRAINT IF EXISTS kmp_shu_share_membership_id_fkey,
            DROP CONSTRAINT IF EXISTS kmp_shu_share_class_id_fkey
    """)
    cr.execute("DROP INDEX IF EXISTS kmp_shu_share__run_id_index")
