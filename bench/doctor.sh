#!/usr/bin/env bash
# Trains the sick and healthy runs of the doctor's corpus and writes recall, precision and the worth of the remedies into docs/doctor.md (about ten minutes).
#   bench/doctor.sh                    the part that thresholds were not set on, into the page
#   bench/doctor.sh --calibration      the part that they were set on, on the screen only
# Further: --only TEXT (cases whose name holds it), --verbose (evidence of every finding), --fixes (remedies against random changes).
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Glia.DoctorStudy -c Release -o artifacts/doctor -v quiet --nologo
if [[ $# -eq 0 ]]; then
    exec dotnet artifacts/doctor/Glia.DoctorStudy.dll --fixes --out docs/doctor.md
fi
exec dotnet artifacts/doctor/Glia.DoctorStudy.dll "$@"
