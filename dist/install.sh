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

# Whatever is here in this version or a newer one stays as it is.
wanted=
for file in packages/*.deb; do
    name=$(dpkg-deb -f "$file" Package)
    version=$(dpkg-deb -f "$file" Version)
    have=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$name" 2>/dev/null) || have=
    case "$have" in
    installed\ *) dpkg --compare-versions "${have#installed }" ge "$version" && continue ;;
    esac
    wanted="$wanted $file"
done
if [ -n "$wanted" ]; then
    export DEBIAN_FRONTEND=noninteractive
    # Twice: what a package needs before it can be unpacked may come behind it the first time.
    # shellcheck disable=SC2086
    dpkg --install $wanted || dpkg --install $wanted || stop "dpkg could not install everything"
fi
canh --version
echo "canh: next: canh init, then systemctl enable --now canh"
