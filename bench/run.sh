#!/usr/bin/env bash
# ./run bench [NAME…]: census stage import odata match night (default: all of them). Prints the machine first.
#   census  the connector alone: XML to rows          stage  XML file to staged Parquet, through the worker process
#   import  rows into the store                        odata  rows out of the server
#   match   the identity engine on person files of known truth: 100,000, 1 and 5 million records, twins, long histories
#           match --shapes: only files of awkward shapes (one value on every row, many records of one person), with
#           50,000 and 200,000 records; it fails if the time of one grows much faster than n log n
#   night   whole nights of 12,000 and 120,000 pupils, the first and a second with 1 % changed
set -euo pipefail
cd "$(dirname "$0")/.."
bin=build/release/bin
shapes=
[ "${1:-}" != match ] || [ "${2:-}" != --shapes ] || { shapes=yes; set -- match; }
names=${*:-census stage import odata match night}
work=$(mktemp -d "${TMPDIR:-/var/tmp}/sendhub-bench.XXXXXX")
mkdir "$work/stage" "$work/night"
trap 'rm -rf "$work"' EXIT

echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(free -g | awk '/Mem:/ {print $2}') GiB"
for name in $names; do
    echo
    echo "== $name"
    case "$name" in
    census) $bin/bench_school_census ;;
    stage) $bin/bench_stage $bin/sendhub build/release/plugins 300 "$work/stage" ;;
    import) $bin/bench_import ;;
    odata) $bin/bench_odata ;;
    match)
        [ -z "$shapes" ] || { $bin/bench_match 50000 --shapes; continue; }
        for seed in 101 102 103; do $bin/bench_match 1000000 $seed; done
        $bin/bench_match 1000000 101 --without-identifiers
        $bin/bench_match 1000000 101 --mix twins
        $bin/bench_match 200000 101 --orders
        $bin/bench_match 200000 101 --mix long
        for records in 100000 5000000; do $bin/bench_match $records 101; done
        ;;
    night)
        for pupils in 12000 120000; do $bin/bench_night $bin/sendhub "$work/night" "$pupils" 7; done
        ;;
    *)
        echo "sendhub: there is no benchmark $name" >&2
        exit 2
        ;;
    esac
done
