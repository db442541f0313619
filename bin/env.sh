# shellcheck shell=bash
# Sourced by every script here: where things are and how they find each other.
# Nothing in it depends on the machine; every path follows from this checkout.

KMP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
KMP_VENV=$KMP_ROOT/.venv
KMP_DATA=$KMP_ROOT/.data
export KMP_ROOT KMP_VENV KMP_DATA

say() { printf '==> %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# A unix socket's path may have about 107 bytes; a deep checkout gets a short
# directory of its own instead, named by the checkout so that two never meet.
kmp_socket_dir() {
    local inside=$KMP_DATA/postgres longest=90
    if ((${#inside} <= longest)); then
        echo "$inside"
    else
        echo "/tmp/kmp-$(id -u)-$(printf %s "$KMP_ROOT" | sha256sum | cut -c1-12)"
    fi
}

# PGHOST names the user's own server; without it the embedded one is used.
# A script called by another one sees the embedded server's PGHOST: same thing.
KMP_SOCKET_DIR=$(kmp_socket_dir)
if [[ -z ${PGHOST:-} || $PGHOST == "$KMP_SOCKET_DIR" ]]; then
    KMP_POSTGRES=embedded
    PGHOST=$KMP_SOCKET_DIR PGPORT=5432 PGUSER=odoo
    unset PGPASSWORD PGSERVICE PGDATABASE
else
    KMP_POSTGRES=own
    PGPORT=${PGPORT:-5432} PGUSER=${PGUSER:-$(id -un)}
fi
export KMP_POSTGRES KMP_SOCKET_DIR PGHOST PGPORT PGUSER

# The environment's programs come first; setup needs to look behind them.
export KMP_SYSTEM_PATH=${KMP_SYSTEM_PATH:-$PATH}
PATH=$KMP_VENV/bin:$KMP_VENV/pgsql/bin:$KMP_SYSTEM_PATH
export PATH
export ODOO_RC=$KMP_DATA/odoo.conf

# Messages must not change with the caller's language; wkhtmltopdf and LibreOffice
# ask for a directory of their own.
export LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1
export XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$KMP_DATA/run}
