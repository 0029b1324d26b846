#!/usr/bin/env bash
# Weights between PyTorch and Glia, both ways (a minute or two, most of it building):
#   1. PyTorch trains small networks and writes .pt (new and old format, a checkpoint), NumPy .npz and .npy; Glia loads them and must give the same outputs.
#   2. Glia trains the same networks on and writes .safetensors and .npz; PyTorch and NumPy load them and must give the same outputs.
#   tests/pytorch/run.sh            Exit code 1 when anything differs (rtol 1e-4, atol 1e-5).
#   tests/pytorch/run.sh --data     also replaces the test data of ./test.sh by what PyTorch writes now
# Needs Debian's python3-torch and python3-numpy, and installs them where apt-get and root are at hand. No other Python packages: check.py reads safetensors itself.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=/usr/bin/python3
[[ -x $python ]] || python=python3
if ! "$python" -c 'import torch, numpy' 2>/dev/null; then
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || { echo "run.sh: install python3-torch and python3-numpy (Debian: apt-get install python3-torch python3-numpy)." >&2; exit 2; }
  echo "run.sh: installing python3-torch and python3-numpy by apt-get (some 500 MB)." >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-torch python3-numpy >/dev/null
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/torch" "$folder/glia" "$folder/again"
"$python" -c 'import torch, numpy; print("PyTorch", torch.__version__, "NumPy", numpy.__version__)'
"$python" tests/pytorch/write.py "$folder/torch"
GLIA_PYTORCH_DATA="$folder/torch" GLIA_PYTORCH_OUT="$folder/glia" dotnet test tests/Glia.Interchange.Tests --configuration Release --nologo --verbosity quiet \
  --logger "console;verbosity=detailed" --filter "FullyQualifiedName~PyTorchExchange" | grep -E "largest difference|Passed!|Failed|error|Total|Passed:" 
"$python" tests/pytorch/check.py "$folder/glia" "$folder/again"
if [[ ${1:-} == --data ]]; then
  rm -f tests/Glia.Interchange.Tests/Data/*.pt tests/Glia.Interchange.Tests/Data/*.pth tests/Glia.Interchange.Tests/Data/*.np[yz]
  cp "$folder/torch"/* tests/Glia.Interchange.Tests/Data/
fi
