#!/usr/bin/env bash
# Kills trainings at random moments (SIGKILL), goes on with each by --resume until it is done, and compares model and metrics with those of a training that was left alone.
#   bench/crash.sh               at least 120 kills over an MLP, a CNN and an LSTM; some minutes
#   bench/crash.sh --kills 30    so many in all
#   bench/crash.sh --seed 7      other moments
# Then, where that is permitted, the same on a disk that becomes full (tmpfs) and on one that is read-only. Exit code 1 when anything differs or is lost.
set -uo pipefail
cd "$(dirname "$0")/.."

kills=120 RANDOM=1
while [[ $# -gt 0 ]]; do
  case $1 in
    --kills | --seed)
      [[ $# -ge 2 ]] || { echo "$1 needs a value." >&2; exit 2; }
      case $1 in --kills) kills=$2 ;; *) RANDOM=$2 ;; esac
      shift 2 ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "bench/crash.sh" >&2; exit 2 ;;
  esac
done

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 GLIA_COMMAND=glia
dotnet build src/Glia.Cli --configuration Release --nologo --verbosity quiet >&2 || exit 1
program=$PWD/artifacts/bin/Glia.Cli/release/Glia.Cli.dll
# The host itself: a wrapper in the place of dotnet would take the signal.
host=$(dotnet --list-runtimes | sed -n "s/.*\[\(.*\)\/shared\/.*/\1\/dotnet/p" | head -n 1)
folder=$(mktemp -d)
mounted=
trap '[[ -z $mounted ]] || umount "$mounted"; rm -rf "$folder"' EXIT
cd "$folder" || exit 1

glia() { "$host" "$program" "$@"; }
declare -A arguments=(
  [mlp]="breast-cancer --epochs 30 --patience 30 --checkpoint-every 3"
  [cnn]="digits --epochs 3 --augment light --schedule cosine --checkpoint-every 2"
  [lstm]="co2 --epochs 20 --patience 20 --dropout 0.1 --checkpoint-every 1"
)
failed=0 total=0 in_training=0 before=0 at_the_end=0 runs=0
fail() { echo "FAILED: $*"; failed=1; }

# Whether a run is what the one that was left alone is: the model to the byte, the metrics but for the seconds.
compare() {
  cmp -s "$1/model.safetensors" "$2/model.safetensors" || fail "$2: another model"
  cmp -s <(cut -d, -f1,2,4- "$1/metrics.csv") <(cut -d, -f1,2,4- "$2/metrics.csv") || fail "$2: other metrics"
  [[ ! -e $2/run.json && ! -e $2/checkpoints ]] || fail "$2: something is left over"
}

declare -A length
for family in mlp cnn lstm; do
  start=$(date +%s%N)
  # shellcheck disable=SC2086
  glia train ${arguments[$family]} --quiet --out "$family" >/dev/null || fail "$family"
  length[$family]=$((($(date +%s%N) - start) / 1000000))
  echo "$family: ${arguments[$family]}: ${length[$family]} ms from start to end when left alone"
done

while [[ $total -lt $kills && $failed -eq 0 ]]; do
  for family in mlp cnn lstm; do
    run=$family-$runs
    runs=$((runs + 1))
    for ((attempt = 0; attempt < 5; attempt++)); do
      # From the first instant to beyond the end.
      pause=$(((RANDOM * 32768 + RANDOM) % (length[$family] + 200)))
      if [[ -e $run/run.json ]]; then
        GLIA_THREADS=$((1 + RANDOM % 3)) "$host" "$program" train --resume "$run" --checkpoint-every $((1 + RANDOM % 3)) --quiet >out 2>&1 &
      elif [[ -e $run/model.safetensors ]]; then
        break
      else
        rm -rf "$run"
        # shellcheck disable=SC2086
        "$host" "$program" train ${arguments[$family]} --quiet --out "$run" >out 2>&1 &
      fi
      process=$!
      sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
      if kill -KILL "$process" 2>/dev/null; then
        total=$((total + 1))
        if compgen -G "$run/checkpoints/step-*" >/dev/null; then in_training=$((in_training + 1)); else before=$((before + 1)); fi
        [[ -e $run/model.safetensors && -e $run/run.json ]] && at_the_end=$((at_the_end + 1))
      fi
      wait "$process" 2>/dev/null
      grep -q "damaged\|internal error" out && fail "$run: $(cat out)"
    done
    if [[ -e $run/run.json ]]; then
      glia train --resume "$run" --quiet >out 2>&1 || fail "$run: $(cat out)"
    elif [[ ! -e $run/model.safetensors ]]; then
      rm -rf "$run"
      # shellcheck disable=SC2086
      glia train ${arguments[$family]} --quiet --out "$run" >out 2>&1 || fail "$run: $(cat out)"
    fi
    compare "$family" "$run"
    rm -rf "$run"
  done
done
echo "$total kills in $runs runs: $before before the first checkpoint, $in_training after it, of these $at_the_end while results were written"

# A disk that becomes full after the first checkpoint.
mkdir disk
if mount -t tmpfs -o size=4m tmpfs disk 2>/dev/null; then
  mounted=$folder/disk
  # shellcheck disable=SC2086
  "$host" "$program" train ${arguments[cnn]} --quiet --out disk/run >out 2>&1 &
  process=$!
  until compgen -G "disk/run/checkpoints/step-*" >/dev/null; do sleep 0.05; done
  head -c 4m /dev/zero >disk/full 2>/dev/null
  wait $process
  code=$?
  cat out
  [[ $code -eq 2 ]] || fail "a full disk: exit code $code"
  grep -q "the disk is full" out || fail "a full disk: not said"
  rm disk/full
  glia train --resume disk/run --quiet >out 2>&1 || fail "after a full disk: $(cat out)"
  compare cnn disk/run
  rm -rf disk/run
  # shellcheck disable=SC2086
  "$host" "$program" train ${arguments[cnn]} --quiet --out disk/run >/dev/null 2>&1 &
  process=$!
  until compgen -G "disk/run/checkpoints/step-*" >/dev/null; do sleep 0.05; done
  kill -KILL $process
  wait $process 2>/dev/null
  mount -o remount,ro disk
  glia train --resume disk/run --quiet >out 2>&1
  code=$?
  cat out
  [[ $code -eq 2 ]] || fail "a read-only disk: exit code $code"
  mount -o remount,rw disk
  glia train --resume disk/run --quiet >out 2>&1 || fail "after a read-only disk: $(cat out)"
  compare cnn disk/run
  echo "full disk and read-only disk: said, and nothing lost"
else
  echo "full disk and read-only disk: left out, since mounting is not permitted here"
fi
[[ $failed -eq 0 ]] && echo "every run ended with the bytes of the one that was left alone"
exit $failed
