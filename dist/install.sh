#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs canh and what it needs from this folder; no network. As root, on Debian 12.
set -eu
cd "$(dirname "$0")"

stop() {
    echo "canh: $1" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || stop "as root, please: sudo sh install.sh"
[ -r /etc/os-release ] || stop "this is no Debian 12"
# shellcheck source=/dev/null
. /etc/os-release
[ "${VERSION_ID-}" = 12 ] || stop "this is ${PRETTY_NAME-no Debian}, and the packages are for Debian 12"
sha256sum --quiet --check SHA256SUMS || stop "files differ from SHA256SUMS: copy the archive again"

have() { dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null | sed -n 's/^installed //p'; }

# Only what is missing: what the machine has stays as it is, but for an older canh.
wanted='' newer=''
for file in packages/*.deb; do
    name=$(dpkg-deb -f "$file" Package)
    version=$(dpkg-deb -f "$file" Version)
    has=$(have "$name")
    if [ -n "$has" ] && dpkg --compare-versions "$has" ge "$version"; then
        continue
    elif [ -z "$has" ] || [ "$name" = canh ]; then
        wanted="$wanted $file"
    else
        newer="$newer $file"
    fi
done

# Twice: what a package needs before it can be unpacked may come behind it the first time.
install_all() { dpkg --install "$@" || dpkg --install "$@"; }

if [ -n "$wanted" ]; then
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    if ! install_all $wanted; then
        [ -n "$newer" ] || stop "dpkg could not install everything"
        echo "canh: what is here is too old for some of it: newer packages of Debian 12 are installed, too"
        install_all $wanted $newer || stop "dpkg could not install everything"
    fi
fi
canh --version
echo "canh: next: canh init, then systemctl enable --now canh"
