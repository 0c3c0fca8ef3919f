#!/usr/bin/env bash
# quick: formatting (the include rules are a ctest). full: clang-tidy too, over every source of the release build.
set -euo pipefail
cd "$(dirname "$0")/.."
sources=$(git ls-files '*.cpp' '*.hpp' '*.h')
# shellcheck disable=SC2086
clang-format-19 --dry-run --Werror $sources || { echo "sendhub: run clang-format-19 -i on these files" >&2; exit 1; }
echo "formatting: $(echo "$sources" | wc -l) files are in order"
[ "${1:-quick}" = full ] || exit 0
# clang reads no precompiled header of GCC: each source is read with its own includes
mkdir -p build/lint
sed -E 's/-Winvalid-pch //g; s/-include [^ ]*cmake_pch\.hxx//g' build/release/compile_commands.json >build/lint/compile_commands.json
git ls-files '*.cpp' | grep -v -e /fuzz_ -e tests/installed_sdk -e bench/ |
    xargs -P 2 -n 4 clang-tidy-19 -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option
