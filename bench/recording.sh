#!/usr/bin/env bash
# Measures what recording every step of a training costs, on the digits as `glia train digits` trains them, and writes the table of docs/runs.md.
#   bench/recording.sh               about two minutes
#   bench/recording.sh --rounds 5    fewer trainings
# Further: --out PAGE.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=9 out=docs/runs.md
while [[ $# -gt 0 ]]; do
  case $1 in
    --rounds | --out)
      [[ $# -ge 2 ]] || { echo "$1 needs a value." >&2; exit 2; }
      case $1 in --rounds) rounds=$2 ;; *) out=$2 ;; esac
      shift 2 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "bench/recording.sh" >&2; exit 2 ;;
  esac
done

source bench/processor.sh
dotnet build bench/Glia.Results --configuration Release --nologo --verbosity quiet -m:1 >&2
dotnet artifacts/bin/Glia.Results/release/Glia.Results.dll --recording --rounds "$rounds" --out "$out" --machine "$cpu, $(nproc) cores, .NET $(dotnet --version)"
