#!/usr/bin/env bash
# Trains every built-in data set as `glia train` does at the 13 rates of a grid and at the rate that the tuner chooses, and writes the table of docs/learning-rate.md.
#   bench/rates.sh                     all sets; some hours, or what is left of them: runs are kept in artifacts/rates.csv
#   bench/rates.sh --only "iris wine"  these sets
#   bench/rates.sh --anew              forgets the runs that were kept
# Further: --out PAGE.
set -euo pipefail
cd "$(dirname "$0")/.."

only="iris wine breast-cancer digits diabetes two-clusters xor spirals two-moons sunspots co2 adding copy temporal-order moving-digits"
kept=artifacts/rates.csv out=docs/learning-rate.md
while [[ $# -gt 0 ]]; do
  case $1 in
    --anew) rm -f "$kept"; shift ;;
    --only | --out)
      [[ $# -ge 2 ]] || { echo "$1 needs a value." >&2; exit 2; }
      case $1 in --only) only=$2 ;; *) out=$2 ;; esac
      shift 2 ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "bench/rates.sh" >&2; exit 2 ;;
  esac
done

source bench/processor.sh
dotnet build bench/Glia.Results --configuration Release --nologo --verbosity quiet -m:1 >&2
for set in $only; do
  dotnet artifacts/bin/Glia.Results/release/Glia.Results.dll --rates "$set" --kept "$kept" --out "$out" --machine "$cpu, .NET $(dotnet --version)"
done
