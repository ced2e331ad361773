#!/usr/bin/env bash
# ./build.sh <target> [arguments]: restores the build tool and runs a target of build.cake. Alone it lists them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
[ -d "${HOME:-}" ] || export DOTNET_CLI_HOME=$PWD/artifacts/home NUGET_PACKAGES=${NUGET_PACKAGES:-$PWD/artifacts/nuget} # a service account may have no home
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export CAKE_PATHS_TOOLS=artifacts/tools CAKE_SETTINGS_ENABLESCRIPTCACHE=true # the compiled build.cake: 2 s a start instead of 6

if ! command -v dotnet >/dev/null; then
    echo "build: the .NET 10 SDK is needed and there is no 'dotnet' on the PATH. Hint: https://dotnet.microsoft.com/download" >&2
    exit 1
fi

dotnet tool restore --verbosity quiet >/dev/null || dotnet tool restore

if [ $# -eq 0 ]; then
    echo "usage: ./build.sh <target> [arguments]"
    exec dotnet cake build.cake --description
fi

target=$1
shift
[ "${1:-}" != -- ] || shift
NATIVEDL_BUILD_ARGUMENTS=$(printf '%s\n' "$@")
export NATIVEDL_BUILD_ARGUMENTS
exec dotnet cake build.cake --target="$target" --no-report --verbosity=minimal
