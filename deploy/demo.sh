#!/usr/bin/env bash
# The demonstration behind `./run demo`: ONCE PUPILS SEED DIR.
set -euo pipefail
once=$1 pupils=$2 seed=$3 dir=$4
sendhub=build/release/bin/sendhub
marker="$dir/.sendhub-demo"

# A county that this script made may be made again; anything else in that place is not ours to touch.
if [ -e "$dir" ] && [ -n "$(ls -A "$dir" 2>/dev/null)" ]; then
    [ -e "$marker" ] || { echo "sendhub: $dir is not empty and not a demonstration; choose another --dir" >&2; exit 2; }
    rm -rf "$dir"
fi
mkdir -p "$dir"
touch "$marker"

echo "== a synthetic county of $pupils pupils (seed $seed)"
$sendhub demo --pupils "$pupils" --seed "$seed" --dir "$dir"
echo
echo "== one night"
code=0
$sendhub --config "$dir/hub.toml" sync || code=$?
[ "$code" -eq 0 ] || { echo "sendhub: the night ended with exit code $code" >&2; [ "$code" -eq 3 ] || exit "$code"; }
echo
echo "== against the truth that the generator kept for itself"
build/release/bin/compare_truth "$dir"
echo
echo "where to look:"
echo "  $dir/state/published/current/datapackage.json   the datasets, as Parquet and CSV beside it"
echo "  $sendhub --config $dir/hub.toml status          how every feed stands"
echo "  $sendhub --config $dir/hub.toml rejects cme     rows that were refused, and why"
[ "$once" = yes ] && exit "$code"

key=$($sendhub --config "$dir/hub.toml" token create demonstration --role caseworker 2>/dev/null)
url=$(sed -n 's/^public_base_url *= *"\(.*\)"/\1/p' "$dir/hub.toml")
echo
echo "serving on ${url:-http://127.0.0.1:8080} until Ctrl-C. Try:"
echo "  curl -H 'Authorization: Bearer $key' '${url:-http://127.0.0.1:8080}/odata/v4/cme_summary'"
exec $sendhub --config "$dir/hub.toml" serve
