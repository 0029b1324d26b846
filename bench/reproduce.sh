#!/usr/bin/env bash
# Trains the course's networks on full-size data, or measures the memory of recurrent cells, and writes that section of docs/results.md.
#   bench/reproduce.sh --mnist FOLDER --fashion-mnist FOLDER     folders with the four IDX files, .gz or not (or MNIST=… FASHION_MNIST=…)
#   bench/reproduce.sh --download                                fetches both into artifacts/data first and checks their sums
#   bench/reproduce.sh --memory                                  adding, copy and temporal order: LSTM and GRU against the simple RNN; no data needed
#   bench/reproduce.sh --check FOLDER mnist|fashion-mnist        says whether the files are the published ones
# Further: --seeds "0 1 2", --only NAME, --out PAGE, --validate (settings are tried on a part of the training images; nothing is written).
set -euo pipefail
cd "$(dirname "$0")/.."

parts="train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte"
mnist_url=https://storage.googleapis.com/cvdf-datasets/mnist
fashion_url=http://fashion-mnist.s3-website.eu-central-1.amazonaws.com

# MD5 sums: of the unpacked files for MNIST, whose archives differ from mirror to mirror; of the archives, as their authors give them, for Fashion-MNIST.
published() {
  case $1/$2 in
    mnist/train-images-idx3-ubyte) echo 6bbc9ace898e44ae57da46a324031adb ;;
    mnist/train-labels-idx1-ubyte) echo a25bea736e30d166cdddb491f175f624 ;;
    mnist/t10k-images-idx3-ubyte) echo 2646ac647ad5339dbf082846283269ea ;;
    mnist/t10k-labels-idx1-ubyte) echo 27ae3e4e09519cfbb04c329615203637 ;;
    fashion-mnist/train-images-idx3-ubyte) echo 8d4fb7e6c68d591d4c3dfef9ec88bf0d ;;
    fashion-mnist/train-labels-idx1-ubyte) echo 25c81989df183df01b3e8a0aad5dffbe ;;
    fashion-mnist/t10k-images-idx3-ubyte) echo bef4ecab320f06d8554ea6380940ec79 ;;
    fashion-mnist/t10k-labels-idx1-ubyte) echo bb300cfdad3c16e7a12a480ee83cd310 ;;
  esac
}

md5() { if command -v md5sum >/dev/null; then md5sum | cut -d ' ' -f 1; else command md5 -q; fi; }

# The sum of one file, in the form in which it is published.
sum() {
  local file=$1/$3
  if [[ $2 == mnist ]]; then
    if [[ -f $file ]]; then md5 <"$file"; else gunzip -c "$file.gz" | md5; fi
  else
    # An unpacked file has no archive to compare.
    if [[ -f $file.gz ]]; then md5 <"$file.gz"; else echo unpacked; fi
  fi
}

# 0 when all four files of a folder are the published ones; names the others on stderr.
check() {
  local same=0 part
  for part in $parts; do
    if [[ ! -f $1/$part && ! -f $1/$part.gz ]]; then
      echo "$1 lacks $part (or $part.gz)." >&2
      exit 2
    fi
    if [[ $(sum "$1" "$2" "$part") != $(published "$2" "$part") ]]; then
      echo "$1/$part is not the published file of $2." >&2
      same=1
    fi
  done
  return $same
}

download() {
  local folder=artifacts/data/$1 part
  mkdir -p "$folder"
  for part in $parts; do
    [[ -f $folder/$part.gz ]] || { curl -fsSL "$2/$part.gz" -o "$folder/$part.part" && mv "$folder/$part.part" "$folder/$part.gz"; }
  done
  check "$folder" "$1" || { echo "What was fetched is damaged or was replaced: remove $folder and try again." >&2; exit 1; }
}

mnist=${MNIST:-} fashion=${FASHION_MNIST:-} out=docs/results.md options=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --download)
      download mnist "$mnist_url"
      download fashion-mnist "$fashion_url"
      mnist=artifacts/data/mnist fashion=artifacts/data/fashion-mnist
      shift ;;
    --validate | --memory) options+=("$1"); shift ;;
    --mnist | --fashion-mnist | --seeds | --only | --out | --check)
      [[ $# -ge 2 ]] || { echo "$1 needs a value." >&2; exit 2; }
      case $1 in
        --mnist) mnist=$2 ;;
        --fashion-mnist) fashion=$2 ;;
        --out) out=$2 ;;
        --check) check "$2" "${3:-mnist}" && echo "$2 holds the published files of ${3:-mnist}."; exit ;;
        *) options+=("$1" "$2") ;;
      esac
      shift 2 ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "bench/reproduce.sh" >&2; exit 2 ;;
  esac
done

note=
[[ -z $mnist ]] || check "$mnist" mnist || note="The MNIST files are not the published ones. "
[[ -z $fashion ]] || check "$fashion" fashion-mnist || note+="The Fashion-MNIST files are a copy that is not byte for byte the published one, so that its errors need not match others to the last digit."
source bench/processor.sh
threads=${GLIA_THREADS:-$(getconf _NPROCESSORS_ONLN)}

dotnet build bench/Glia.Results --configuration Release --nologo --verbosity quiet -m:1 >&2
exec dotnet artifacts/bin/Glia.Results/release/Glia.Results.dll ${mnist:+--mnist "$mnist"} ${fashion:+--fashion-mnist "$fashion"} \
  --out "$out" --machine "$cpu, $threads threads, .NET $(dotnet --version)" --data-note "$note" ${options[@]+"${options[@]}"}
