#!/usr/bin/env bash
# Builds the solution, runs every test project, and ends with a line 'N passed, N failed' over all of them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# What tests train is no history of the user's.
export GLIA_STORE=off
results=artifacts/test-results
passed=0
failed=0

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

# The value of an attribute of the <Counters> element in a TRX file; 0 without one.
count() {
  local value
  value=$(grep -o '<Counters [^>]*>' "$1" | head -n 1 | sed -n "s/.* $2=\"\([0-9]*\)\".*/\1/p")
  echo "${value:-0}"
}

if ! command -v dotnet >/dev/null; then
  echo "test.sh: the .NET 10 SDK is needed, but there is no 'dotnet' on the PATH." >&2
  exit 2
fi

echo "Building (packages are fetched the first time) …"
start=$SECONDS
if ! dotnet build Glia.slnx --configuration Release --nologo --verbosity quiet; then
  echo "The build failed."
  failed=1
  finish
fi
echo "Built in $((SECONDS - start)) s."

rm -rf "$results"
for project in tests/*Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  start=$SECONDS
  log=$results/$name.log
  trx=$results/$name.trx
  mkdir -p "$results"
  dotnet test "$project" --configuration Release --no-build --nologo --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --blame-hang-timeout 8m --blame-hang-dump-type none >"$log" 2>&1
  code=$?
  ok=0
  bad=0
  if [ -f "$trx" ]; then
    ok=$(count "$trx" passed)
    bad=$(($(count "$trx" failed) + $(count "$trx" error) + $(count "$trx" timeout) + $(count "$trx" aborted)))
  elif grep -rqE '\[(Fact|Theory|Property)' --include='*.cs' "$(dirname "$project")"; then
    bad=1
  fi
  # A crash of the test process leaves no failed test behind, but an exit code.
  if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
    bad=1
  fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  printf '%-28s %5d passed %3d failed %5d s\n' "$name" "$ok" "$bad" "$((SECONDS - start))"
  if [ "$bad" -ne 0 ]; then
    cat "$log"
  fi
done
finish
