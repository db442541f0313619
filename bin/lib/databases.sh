# shellcheck shell=bash
# Databases and their files: Odoo keeps attachments beside the database, so a
# copy, a new name and a removal always concern both.

FILESTORE=$KMP_DATA/odoo/filestore

has_database() {
    [[ $(psql -d postgres -Atqc "SELECT 1 FROM pg_database WHERE datname = '$1'") == 1 ]]
}

drop_database() {
    dropdb --if-exists --force --maintenance-db=postgres "$1" 2>/dev/null || return 1
    rm -rf "${FILESTORE:?}/$1"
}

# Attachments are named by their content and never rewritten: links are enough.
copy_database() {
    drop_database "$2"
    createdb --maintenance-db=postgres --strategy="${3:-wal_log}" --template="$1" "$2"
    mkdir -p "$FILESTORE/$1"
    cp -al "$FILESTORE/$1" "$FILESTORE/$2"
}

rename_database() {
    rm -rf "${FILESTORE:?}/$2"
    [[ ! -d $FILESTORE/$1 ]] || mv "$FILESTORE/$1" "$FILESTORE/$2"
    psql -d postgres -qc "ALTER DATABASE \"$1\" RENAME TO \"$2\""
}
