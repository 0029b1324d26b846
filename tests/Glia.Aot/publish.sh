#!/usr/bin/env bash
# Publishes the program with Native AOT into the folder given. The linker needs gcc or clang, and zlib's headers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
output=${1:?usage: publish.sh <output folder>}

missing=()
command -v clang >/dev/null || command -v gcc >/dev/null || missing+=(gcc libc6-dev)
[ -f /usr/include/zlib.h ] || missing+=(zlib1g-dev)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "publish.sh: Native AOT needs ${missing[*]} to link; install them, for example with: sudo apt-get install ${missing[*]}" >&2
    exit 2
  fi
  echo "Installing ${missing[*]}, which Native AOT needs to link …"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

case $(uname -m) in
  aarch64 | arm64) platform=linux-arm64 ;;
  *) platform=linux-x64 ;;
esac
exec dotnet publish Glia.Aot.csproj --configuration Release --runtime $platform --output "$output" --nologo --verbosity minimal
