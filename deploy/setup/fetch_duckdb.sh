#!/usr/bin/env bash
# Fetches the pinned DuckDB from npm into .deps/duckdb: the library from one package, the header of its C API
# from another. Both archives are refused unless their SHA-512 is the one written here.
set -euo pipefail
cd "$(dirname "$0")/../.."
dest=.deps/duckdb
stamp="$dest/version-1.4.4"
[ -e "$stamp" ] && exit 0

library=@duckdb/node-bindings-linux-x64@1.4.4-r.1
library_sha512=7e360d73eb78fd3ee6873679ee8268210696bdb615bf186275c34d6a7b101625a777afc930b0942dde2a9edf172374edd81ad9b2b687ebdd0a481212dd03edd3
header=duckdb@1.4.4
header_sha512=844249e61c9517454b8f776638ba6c5ab411d1bddde1892ab72826ea25178c72430e74aa83f5122b171be6abcdace84560f824b5ac94e9d5c2b603ea7269a9a2

fetch() { # package, sha512 → name of the archive in $tmp
    local file
    if ! file=$(cd "$tmp" && npm pack --loglevel=error --ignore-scripts "$1" | tail -n 1) || [ ! -f "$tmp/$file" ]; then
        echo "sendhub: npm could not fetch $1; see what it says above (npm ping tells whether its registry is reached)" >&2
        exit 1
    fi
    echo "$2  $tmp/$file" | sha512sum --check --quiet || {
        echo "sendhub: $1 is not the archive that was pinned (SHA-512 differs); nothing was installed" >&2
        exit 1
    }
    echo "$file"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
echo "fetching DuckDB 1.4.4 (pinned)"
archive=$(fetch "$library" "$library_sha512")
mkdir -p "$dest/lib" "$dest/include"
tar -xzf "$tmp/$archive" -C "$tmp" package/libduckdb.so package/LICENSE
mv "$tmp/package/libduckdb.so" "$dest/lib/"
mv "$tmp/package/LICENSE" "$dest/"
archive=$(fetch "$header" "$header_sha512")
tar -xzf "$tmp/$archive" -C "$tmp" package/src/duckdb/src/include/duckdb.h
mv "$tmp/package/src/duckdb/src/include/duckdb.h" "$dest/include/"
touch "$stamp"
