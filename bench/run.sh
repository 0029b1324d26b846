#!/usr/bin/env bash
# Glia's kernels beside libtorch's: bench/run.sh [part of a row's name]
# The same language model trained by both: bench/run.sh --language-model TEXT
# Glia alone, as a fraction of the machine's peak: bench/run.sh --self
set -euo pipefail
cd "$(dirname "$0")/.."

output=artifacts/bench
if [[ "${1:-}" == --self ]]; then
    dotnet build bench/Glia.Benchmarks -c Release -o "$output/self" -v quiet --nologo
    exec dotnet "$output/self/Glia.Benchmarks.dll" --self
fi

if [[ "$(uname -sm)" != "Linux x86_64" ]]; then
    echo "The libtorch peer is for Linux on x86-64; use bench/run.sh --self here." >&2
    exit 2
fi

echo "Building with the packages TorchSharp and libtorch-cpu-linux-x64 (some hundred megabytes the first time)." >&2
dotnet build bench/Glia.Benchmarks -c Release -o "$output/peer" -p:Peer=true -v quiet --nologo -m:1

wrapper=$(find "$output/peer" -name libLibTorchSharp.so | head -n 1)
preload=
if ! grep -q GLIBCXX_3.4.32 "$(ldconfig -p | awk '/libstdc\+\+\.so\.6 .*x86-64/ { print $NF; exit }')"; then
    echo "This system's libstdc++ is older than TorchSharp's wrapper: compiling a one-function stand-in with cc and patching the wrapper's copy." >&2
    dotnet "$output/peer/Glia.Benchmarks.dll" --prepare "$wrapper" >&2
    preload=$PWD/$output/stand-in.so
    echo 'void _ZSt21ios_base_library_initv(void) {}' | cc -shared -fPIC -x c -o "$preload" -
fi
LD_PRELOAD=$preload exec dotnet "$output/peer/Glia.Benchmarks.dll" "$@"
