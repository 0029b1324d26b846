#!/usr/bin/env bash
# Searches settings for the handwritten digits by the whole grid and by successive halving (ASHA), and writes the table of docs/search.md.
#   bench/search.sh [--seeds "0 1 2"] [--out PAGE]
#   bench/search.sh --pictures            draws the charts of that page instead, by the search that it shows
set -euo pipefail
cd "$(dirname "$0")/.."

out=docs/search.md seeds="0 1 2"
while [[ $# -gt 0 ]]; do
  case $1 in
    --pictures)
      folder=artifacts/search-pictures
      rm -rf "$folder"
      ./glia tune search samples/Search/digits.yaml --out "$folder"
      cp "$folder/parallel-coordinates.svg" docs/images/search-trials.svg
      cp "$folder/importance.svg" docs/images/search-importance.svg
      exit ;;
    --seeds | --out)
      [[ $# -ge 2 ]] || { echo "$1 needs a value." >&2; exit 2; }
      if [[ $1 == --out ]]; then out=$2; else seeds=$2; fi
      shift 2 ;;
    *) sed -n '2,4s/^# \{0,1\}//p' "bench/search.sh" >&2; exit 2 ;;
  esac
done
source bench/processor.sh
threads=${GLIA_THREADS:-$(getconf _NPROCESSORS_ONLN)}

dotnet build bench/Glia.Results --configuration Release --nologo --verbosity quiet -m:1 >&2
exec dotnet artifacts/bin/Glia.Results/release/Glia.Results.dll --search --seeds "$seeds" --out "$out" --machine "$cpu, $threads threads, .NET $(dotnet --version)"
