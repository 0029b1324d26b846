#!/usr/bin/env bash
# Glia beside libtorch, networks and kernels: bench/run.sh [parts of rows' names, with | between]
# A network of your own sizes: bench/run.sh mlp:20-50-4,64,adam  lstm:STEPS,FEATURES,UNITS,BATCH (also rnn, gru)  lenet:BATCH  vgg:BATCH
# The same language model trained by both: bench/run.sh --language-model TEXT
# ONNX models at batch 1 beside ONNX Runtime: bench/run.sh --onnx FOLDER [table]
# Peak memory of each side: bench/run.sh --memory. Growth with batch, width, length, image and data: bench/run.sh --growth FOLDER
# Everything that docs/benchmarks.md says of speed, into bench/results/<processor>/ and docs/images: bench/run.sh --all (about 20 minutes)
# Without libtorch: --self (fractions of the machine's peak), --soak [steps], --streaming
set -euo pipefail
cd "$(dirname "$0")/.."

output=artifacts/bench
if [[ "${1:-}" =~ ^--(self|soak|streaming)$ ]]; then
    dotnet build bench/Glia.Benchmarks -c Release -o "$output/self" -v quiet --nologo
    exec dotnet "$output/self/Glia.Benchmarks.dll" "$@"
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
# libtorch says at start that its NNPACK does not know this processor; that is no matter here.
run() {
    LD_PRELOAD=$preload dotnet "$output/peer/Glia.Benchmarks.dll" "$@" 2> >(grep -v NNPACK >&2)
}
if [[ "${1:-}" != --all ]]; then
    run "$@"
    exit
fi
folder=bench/results/$(run --processor)
mkdir -p "$folder"
run --save "$folder/side-by-side" ""
# By default libtorch gives large blocks back to the system and fetches them again at every step; an allocator that keeps them shows its kernels alone.
export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456
run --save "$folder/training-kept-memory" train
unset MALLOC_MMAP_THRESHOLD_ MALLOC_TRIM_THRESHOLD_ MALLOC_TOP_PAD_
run --memory | tee "$folder/memory.txt"
run --growth docs/images | tee "$folder/growth.txt"
run --soak | tee "$folder/soak.txt"
run --streaming | tee "$folder/streaming.txt"
