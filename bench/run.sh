#!/usr/bin/env bash
# ./run bench [NAME…]: census store odata night (default: all of them). Prints the machine first.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=build/release/bin
names=${*:-census store odata night}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/sendhub-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(free -g | awk '/Mem:/ {print $2}') GiB"
for name in $names; do
    echo
    echo "== $name"
    case "$name" in
    census) $bin/bench_census "$work" ;;
    store) $bin/bench_store ;;
    odata) $bin/bench_odata ;;
    night)
        for pupils in 12000 120000; do $bin/bench_night $bin/sendhub "$work/night" "$pupils" 7; done
        ;;
    *)
        echo "sendhub: there is no benchmark $name" >&2
        exit 2
        ;;
    esac
done
