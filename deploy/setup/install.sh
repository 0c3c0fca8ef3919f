#!/usr/bin/env bash
# Installs what is missing: Debian packages (with sudo when not root), npm where there is none, the pinned DuckDB.
# Finds nothing missing the second time and then asks nobody. Extra arguments are further packages.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=$(grep -v '^#' deploy/setup/packages.txt; printf '%s\n' "$@")
command -v npm >/dev/null || wanted="$wanted npm"
missing=()
for package in $wanted; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${#missing[@]} Debian packages: ${missing[*]}"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "sendhub: these packages are missing and sudo is not there to install them" >&2; exit 1; }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
deploy/setup/fetch_duckdb.sh
