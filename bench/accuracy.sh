#!/usr/bin/env bash
# Held-out accuracy (R² of a regression) and training time with default settings: the built-in digits with three seeds, then any data named.
#   bench/accuracy.sh [data …]        for example: bench/accuracy.sh ~/mnist ~/fashion-mnist iris
# SEEDS="0 1 2" chooses the seeds of the data named; one by default.
set -euo pipefail
# Measurements are no history of the user's.
export GLIA_STORE=off
cd "$(dirname "$0")/.."

dotnet build src/Glia.Cli --configuration Release --nologo --verbosity quiet >&2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The first number of that name in the summary.
number() { sed -n "s/^ *\"$1\": \([0-9.eE+-]*\),\{0,1\}\$/\1/p" "$folder/summary.json" | head -n 1; }

measure() {
  local data=$1 seed=$2
  rm -rf "$folder/run"
  ./glia train "$data" --seed "$seed" --out "$folder/run" --json >"$folder/summary.json"
  local score
  score=$(number accuracy)
  printf '%-24s %5s %10.4f %11.1f %7s\n' "$(basename "$data")" "$seed" "${score:-$(number r2)}" "$(number trainingSeconds)" "$(number epochsRun)" | tee -a "$folder/table"
}

printf '%-24s %5s %10s %11s %7s\n' data seed accuracy seconds epochs
for seed in 0 1 2; do measure digits "$seed"; done
awk '{ accuracy += $3; seconds += $4 } END { printf "%-24s %5s %10.4f %11.1f\n", "digits", "mean", accuracy / NR, seconds / NR }' "$folder/table"
for data in "$@"; do
  for seed in ${SEEDS:-0}; do measure "$data" "$seed"; done
done
