#!/usr/bin/env bash
# Runs every fuzzer for SECONDS over its corpus (tests/corpus/NAME); findings stay in build/fuzz/findings.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
mkdir -p build/fuzz/findings
for fuzzer in build/fuzz/fuzz/fuzz_*; do
    name=$(basename "$fuzzer")
    mkdir -p "build/fuzz/corpus/$name"
    seeds=()
    [ -d "tests/corpus/$name" ] && seeds=("tests/corpus/$name")
    echo "== $name"
    "$fuzzer" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix=build/fuzz/findings/ \
        "build/fuzz/corpus/$name" "${seeds[@]}" 2>&1 | grep -E 'stat::number_of_executed_units|ERROR|SUMMARY' || true
done
[ -z "$(ls -A build/fuzz/findings)" ] || { echo "sendhub: there are findings in build/fuzz/findings" >&2; exit 1; }
