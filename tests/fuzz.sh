#!/usr/bin/env bash
# Fuzzes the readers of files from elsewhere, guided by coverage: fuzz.sh [-n INPUTS] [-j PROCESSES] [-s SEED] [READER...]
# By default a million inputs for each reader, in two processes. Prints a line for each; the input of a failure is kept in artifacts/fuzz.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
inputs=1000000
processes=2
seed=1
while getopts n:j:s: option; do
  case $option in
    n) inputs=$OPTARG ;;
    j) processes=$OPTARG ;;
    s) seed=$OPTARG ;;
    *) sed -n 2,3p "$0" >&2; exit 2 ;;
  esac
done
shift $((OPTIND - 1))

folder=artifacts/fuzz
mkdir -p "$folder"
dotnet build tests/Glia.Fuzz --configuration Release --nologo --verbosity quiet || exit 2
version=$(sed -n 's/.*"SharpFuzz" Version="\([^"]*\)".*/\1/p' Directory.Packages.props)
[ -x "$folder/tool/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version "$version" --tool-path "$folder/tool" >/dev/null || exit 2

# What is instrumented is a copy; the tool changes files in place.
rm -rf "$folder/bin"
cp -r artifacts/bin/Glia.Fuzz/release "$folder/bin"
for library in Glia.Data Glia.Interchange Glia.Training Glia.Cli CsvHelper StbImageSharp YamlDotNet; do
  "$folder/tool/sharpfuzz" "$folder/bin/$library.dll" || exit 2
done

# A reader that ends the process leaves its input behind.
fuzz() {
  if ! dotnet "$folder/bin/Glia.Fuzz.dll" "$1" --inputs "$inputs" --seed "$seed" --folder "$folder"; then
    echo "$1: FAILED; where no input is named above, it is $folder/$1.current (try: dotnet artifacts/bin/Glia.Fuzz/release/Glia.Fuzz.dll $1 <file>)"
    return 1
  fi
}
export -f fuzz
export folder inputs seed
if [ $# -eq 0 ]; then
  mapfile -t targets < <(dotnet "$folder/bin/Glia.Fuzz.dll")
else
  targets=("$@")
fi
printf '%s\n' "${targets[@]}" | xargs -P "$processes" -I{} bash -c 'fuzz {}'
