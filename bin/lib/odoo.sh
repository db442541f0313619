# shellcheck shell=bash
# Part of bin/setup: Odoo 19 from the first of three places that has it.

ODOO_GIT=${ODOO_GIT:-https://github.com/odoo/odoo.git}
ODOO_SERIES=19.0

# Names the Odoo that this environment was built with: another ODOO_SRC, another build.
odoo_key() { echo "${ODOO_SRC:-none}"; }

install_odoo() {
    is_done odoo "$(odoo_key)" && return
    begin odoo
    if [[ -n ${ODOO_SRC:-} ]]; then
        use_checkout "$(cd "$ODOO_SRC" 2>/dev/null && pwd -P)" ||
            die "ODOO_SRC=$ODOO_SRC is not a checkout of Odoo $ODOO_SERIES."
    else
        use_debian_package || use_clone || no_odoo
    fi
    finish odoo "$(odoo_key)"
}

no_odoo() {
    die "Odoo $ODOO_SERIES could not be had. One of these is needed:
  1. a checkout you have:     ODOO_SRC=/path/to/odoo bin/setup
  2. the Debian package:      a Debian machine whose mirror carries odoo-19 (apt, dpkg and debian-archive-keyring installed)
  3. Odoo's own repository:   git and a way to $ODOO_GIT (or ODOO_GIT=URL of a copy), branch $ODOO_SERIES"
}

is_odoo() { grep -qs "^version_info = (19, 0," "$1/odoo/release.py"; }

# --- 1 and 3: a checkout ----------------------------------------------------

# Odoo 19 is a namespace package: a line in a .pth file puts it beside the
# addons that pip installs into site-packages/odoo/addons.
use_checkout() {
    [[ -n $1 ]] && is_odoo "$1" || return 1
    say "Odoo $ODOO_SERIES from $1"
    echo "$1" >"$(site_packages)/odoo-checkout.pth"
}

use_clone() {
    local target=$KMP_VENV/src/odoo
    command -v git >/dev/null || return 1
    say "Odoo $ODOO_SERIES: shallow clone"
    rm -rf "$target" && mkdir -p "${target%/*}"
    GIT_TERMINAL_PROMPT=0 timeout 1800 git -c http.lowSpeedLimit=1000 -c http.lowSpeedTime=30 \
        clone --quiet --depth 1 --single-branch --branch "$ODOO_SERIES" "$ODOO_GIT" "$target" </dev/null >&2 ||
        return 1
    use_checkout "$target"
}

# --- 2: the Debian package --------------------------------------------------

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# Odoo's package links to these; the newer fonts-font-awesome has other file names.
FROM_SID=(odoo-19 libjs-jquery libjs-jquery-form libjs-underscore fonts-roboto-unhinted
    fonts-inconsolata fonts-montserrat fonts-ocr-b)
FROM_BOOKWORM=(fonts-font-awesome/bookworm)

use_debian_package() {
    command -v apt-get >/dev/null && command -v dpkg >/dev/null && [[ -r $KEYRING ]] || return 1
    local mirror
    for mirror in $(debian_mirrors); do
        download_packages "$mirror" && unpack_packages && return 0
    done
    say "no configured Debian mirror has odoo-19"
    return 1
}

# The mirrors that this machine is set up with, whatever they are. Those that
# carry no Debian fail at the signature and the next one is tried.
debian_mirrors() {
    # shellcheck disable=SC2016  # apt fills these in, not the shell
    apt-get indextargets --no-release-info --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' 2>/dev/null |
        awk '$3 == "main" && $2 !~ /(security|updates|backports|pgdg)/ && !seen[$1]++ {print $1}'
}

# apt with a state of its own: it checks signatures and hashes as always, and
# the machine's own package lists never hear of unstable.
private_apt() {
    (cd "$DOWNLOADS" && APT_CONFIG=$DOWNLOADS/apt.conf apt-get -qq "$@" </dev/null >&2)
}

download_packages() {
    say "Odoo $ODOO_SERIES: Debian package (130 MB)"
    mkdir -p "$DOWNLOADS"/{lists,cache}/partial
    touch "$DOWNLOADS/status"
    cat >"$DOWNLOADS/mirror.sources" <<SOURCES
Types: deb
URIs: $1
Suites: sid bookworm
Components: main
Signed-By: $KEYRING
SOURCES
    cat >"$DOWNLOADS/apt.conf" <<CONF
Dir::State "$DOWNLOADS";
Dir::State::status "$DOWNLOADS/status";
Dir::Cache "$DOWNLOADS/cache";
Dir::Etc::sourcelist "$DOWNLOADS/mirror.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
    private_apt update && private_apt download "${FROM_SID[@]}" "${FROM_BOOKWORM[@]}"
}

unpack_packages() {
    say "Odoo $ODOO_SERIES: unpacking"
    local root=$KMP_VENV/unpacked site package
    site=$(site_packages)
    rm -rf "$root" && mkdir "$root"
    for package in "$DOWNLOADS"/*.deb; do dpkg -x "$package" "$root" || return 1; done
    local modules=$root/usr/lib/python3/dist-packages
    is_odoo "$modules" || return 1
    mend_package "$modules" "$root/usr/share"
    rm -rf "$site"/odoo "$site"/odoo-*.egg-info "$KMP_VENV/share"
    # Its relative links then lead from site-packages into the environment's share/.
    mv "$modules"/odoo "$modules"/odoo-*.egg-info "$site/"
    mv "$root/usr/share" "$KMP_VENV/share"
    rm -rf "$root"
    is_odoo "$site"
}

# What the package lacks on a machine that is not all Debian unstable.
mend_package() {
    local modules=$1 share=$2
    # pip would compile psycopg2 beside psycopg2-binary, and PyPDF2 is now pypdf.
    sed -i -e 's/^Requires-Dist: psycopg2\b/Requires-Dist: psycopg2-binary/' \
        -e 's/^Requires-Dist: PyPDF2/Requires-Dist: pypdf/' "$modules"/odoo-*.egg-info/PKG-INFO
    # Left out as not free; every page of the web client asks for it.
    install -D -m 0644 /dev/null \
        "$modules/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    # Named otherwise in the font's newer package.
    mkdir -p "$share/fonts/truetype/inconsolata"
    ln -sf ../../opentype/inconsolata/Inconsolata-Regular.otf "$share/fonts/truetype/inconsolata/Inconsolata.otf"
}

# Odoo's own addons, wherever it is, then those that pip installed.
odoo_addons_path() {
    local site checkout
    site=$(site_packages)
    if [[ -f $site/odoo-checkout.pth ]]; then
        checkout=$(cat "$site/odoo-checkout.pth")
        echo "$checkout/odoo/addons,$checkout/addons,$site/odoo/addons"
    else
        echo "$site/odoo/addons"
    fi
}
