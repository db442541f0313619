# shellcheck shell=bash
# Part of bin/setup: programs that pip has not, each only where a use needs it.

# use -> "program:package", or "/file:package" for what is no program.
# DejaVu has Arabic and Latin, so that every member's name prints; libatomic is
# what the browser driver's own runtime links to.
SYSTEM_PACKAGES="
pdf      wkhtmltopdf:wkhtmltopdf
pdf      /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core
browser  chromium:chromium
browser  /usr/lib/*/libatomic.so.1:libatomic1
browser  /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core
office   soffice:libreoffice-calc
office   pdftoppm:poppler-utils
"

is_there() { if [[ $1 == /* ]]; then compgen -G "$1" >/dev/null; else command -v "$1" >/dev/null; fi; }

missing_packages() {
    local use need wanted
    while read -r use need; do
        for wanted in "$@"; do
            [[ $use != "$wanted" ]] || is_there "${need%%:*}" || echo "${need##*:}"
        done
    done <<<"$SYSTEM_PACKAGES" | sort -u
}

install_system_packages() {
    local uses=() packages
    while (($#)); do
        case $1:${2:-} in
            --with:pdf | --with:browser | --with:office) uses+=("$2") && shift 2 ;;
            *) die "usage: bin/setup [--with pdf|browser|office]..." ;;
        esac
    done
    ((${#uses[@]})) || return 0
    mapfile -t packages < <(missing_packages "${uses[@]}")
    ((${#packages[@]})) || return 0
    if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
        say "system packages: ${packages[*]}"
        apt_install "${packages[@]}" || apt_update_and_install "${packages[@]}"
    else
        say "not on this machine, ask for: apt-get install --no-install-recommends ${packages[*]}"
    fi
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" \
        </dev/null >"$KMP_DATA/apt-install.log" 2>&1
}

# A failed first try mostly means package lists that are old or not there.
apt_update_and_install() {
    apt-get -qq update </dev/null >&2 && apt_install "$@" && return
    tail -n 15 "$KMP_DATA/apt-install.log" >&2
    say "could not install: $* (what needs them will say so; the rest goes on)"
}
