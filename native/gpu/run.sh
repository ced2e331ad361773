#!/bin/sh
# Checks and measures NativeDL on this machine's CUDA card: run.sh [--small] [outdir]
#
# Runs both test suites on the driver, a part of them under NVIDIA's compute-sanitizer where that is installed, and a short
# benchmark. Logs, bench.json and result.json go to outdir (default: gpu-results); the last line is "N passed, M failed",
# where a tool and the benchmark count as one each. --small is for a dry run on a simulator, which NATIVEDL_CUDA_DRIVER names.
set -u
here=$(cd "$(dirname "$0")" && pwd)
small=""
[ "${1:-}" != "--small" ] || { small=--small; shift; }
mkdir -p "${1:-gpu-results}"
out=$(cd "${1:-gpu-results}" && pwd)
export NATIVEDL_TEST_DEVICE=cuda DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1

passed=0
failed=0
results=""

record() { # record <name> <passed> <failed>
    passed=$((passed + $2))
    failed=$((failed + $3))
    results="$results${results:+,
    }{ \"name\": \"$1\", \"passed\": $2, \"failed\": $3 }"
    echo "$1: $2 passed, $3 failed"
}

skip() { # skip <name> <reason>
    results="$results${results:+,
    }{ \"name\": \"$1\", \"skipped\": \"$2\" }"
    echo "$1: left out, $2"
}

total() { # total <succeeded|failed> <log>
    sed -n "s/^  $1: \([0-9][0-9]*\)\$/\1/p" "$2" | tail -n 1
}

suite() { # suite <program>
    echo "== $1"
    "$here/$1" --no-progress --filter-not-trait needs=simulator needs=repository > "$out/$1.log" 2>&1
    status=$?
    bad=$(total failed "$out/$1.log")
    # A crash has no totals and still counts.
    [ $status -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    record "$1" "$(total succeeded "$out/$1.log" | grep . || echo 0)" "${bad:-0}"
}

sanitizer() {
    command -v compute-sanitizer 2> /dev/null || { [ -x /usr/local/cuda/bin/compute-sanitizer ] && echo /usr/local/cuda/bin/compute-sanitizer; }
}

# Every operation forward and backward, a few times each; with the pool off each tensor is an allocation of its own.
sanitize() { # sanitize <tool> <command>
    echo "== compute-sanitizer $1"
    NATIVEDL_CUDA_POOL=off NATIVEDL_DRAWS="${NATIVEDL_DRAWS:-10}" "$2" --tool "$1" --error-exitcode 99 --log-file "$out/$1.sanitizer.log" \
        "$here/NativeDL.Properties" --no-progress --filter-method '*CudaProperties.Repetition*' > "$out/$1.log" 2>&1
    if [ $? -eq 0 ]; then record "$1" 1 0; else record "$1" 0 1; fi
}

{ uname -a; nvidia-smi; } > "$out/machine.log" 2>&1
suite NativeDL.Tests
suite NativeDL.Properties

tool=$(sanitizer)
for kind in memcheck racecheck initcheck; do
    if [ -n "${NATIVEDL_CUDA_DRIVER:-}" ]; then skip "$kind" "NATIVEDL_CUDA_DRIVER names another driver"
    elif [ -z "$tool" ]; then skip "$kind" "compute-sanitizer is not installed"
    else sanitize "$kind" "$tool"
    fi
done

echo "== benchmark"
rm -f "$out/bench.json"
"$here/NativeDL.Bench" gpu $small --out "$out/bench.json" > "$out/bench.log" 2>&1
status=$?
cat "$out/bench.log"
if [ $status -eq 0 ]; then record bench-gpu 1 0; else record bench-gpu 0 1; fi

cat > "$out/result.json" <<JSON
{
  "passed": $passed,
  "failed": $failed,
  "parts": [
    $results
  ]
}
JSON
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
