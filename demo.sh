#!/usr/bin/env bash
# Builds Glia and trains a small convolutional network on real handwritten digits, from nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if ! command -v dotnet >/dev/null; then
  echo "demo.sh: the .NET 10 SDK is needed, but there is no 'dotnet' on the PATH." >&2
  exit 2
fi
echo "Building (packages are fetched the first time) …"
dotnet build src/Glia.Cli --configuration Release --nologo --verbosity quiet
exec env GLIA_COMMAND=./glia ./glia train digits "$@"
