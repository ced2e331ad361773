# ./build.ps1 <target> [arguments]: restores the build tool and runs a target of build.cake. Alone it lists them.
$ErrorActionPreference = 'Stop'
Set-Location $PSScriptRoot
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:CAKE_PATHS_TOOLS = 'artifacts/tools'
$env:CAKE_SETTINGS_ENABLESCRIPTCACHE = 'true' # the compiled build.cake: 2 s a start instead of 6

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Error "build: the .NET 10 SDK is needed and there is no 'dotnet' on the PATH. Hint: https://dotnet.microsoft.com/download"
    exit 1
}

dotnet tool restore --verbosity quiet
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

if ($args.Count -eq 0) {
    Write-Output 'usage: ./build.ps1 <target> [arguments]'
    dotnet cake build.cake --description
    exit $LASTEXITCODE
}

$target, $rest = $args
$rest = @($rest)
if ($rest.Count -gt 0 -and $rest[0] -eq '--') { $rest = @($rest | Select-Object -Skip 1) }
$env:NATIVEDL_BUILD_ARGUMENTS = $rest -join "`n"
dotnet cake build.cake "--target=$target" --no-report --verbosity=minimal
exit $LASTEXITCODE
