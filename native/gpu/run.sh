#!/bin/sh
# Checks and measures NativeDL on this machine's CUDA card: run.sh [--small] [--only "stage ..."] [outdir]
#
# Stages, each with a limit of its own, the most telling first; what a stage finds is written as soon as it ends:
#   smoke       the driver, the card, one kernel by name, what the first kernel costs
#   runtime     the classes of the driver's binding, the pool and graphs
#   bench       operations and training steps against the card's own ceilings: bench.json
#   properties  every operation and gradient against the CPU
#   tests       the other tests
#   blocking    the first class that failed so far once more, each launch reporting its own errors
#   memcheck, racecheck, initcheck, synccheck   a sample of every operation under NVIDIA's compute-sanitizer
#   peers       the rows of bench in PyTorch: torch.json
# Without --only: all but initcheck, synccheck. Logs go to outdir (default: gpu-results) with result.json; the last line is
# "N passed, M failed", where a tool or a table counts as one. --small is for a dry run on a simulator, which
# NATIVEDL_CUDA_DRIVER names.
set -u
here=$(cd "$(dirname "$0")" && pwd)
small=""
stages="smoke runtime bench properties tests blocking memcheck racecheck peers"
while [ $# -gt 0 ]; do
    case "$1" in
        --small) small=--small ;;
        --only) stages="$2"; shift ;;
        *) break ;;
    esac
    shift
done
mkdir -p "${1:-gpu-results}"
out=$(cd "${1:-gpu-results}" && pwd)
export NATIVEDL_TEST_DEVICE=cuda DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1
# What the driver compiles once is kept, and not in a cache that is too small for it.
export CUDA_CACHE_PATH="${CUDA_CACHE_PATH:-$here/jit}" CUDA_CACHE_MAXSIZE=4294967296

passed=0
failed=0
results=""

write() {
    printf '{\n  "passed": %s,\n  "failed": %s,\n  "stages": [\n    %s\n  ]\n}\n' "$passed" "$failed" "$results" > "$out/result.json"
}

record() { # record <name> <passed> <failed> <seconds>
    passed=$((passed + $2))
    failed=$((failed + $3))
    results="$results${results:+,
    }{ \"name\": \"$1\", \"passed\": $2, \"failed\": $3, \"seconds\": $4 }"
    write
    echo "$1: $2 passed, $3 failed, $4 s"
}

skip() { # skip <name> <reason>
    results="$results${results:+,
    }{ \"name\": \"$1\", \"skipped\": \"$2\" }"
    write
    echo "$1: left out, $2"
}

total() { # total <succeeded|failed> <log>
    sed -n "s/^  $1: \([0-9][0-9]*\)\$/\1/p" "$2" | tail -n 1
}

# The names of tests that failed, such as NativeDL.Tests.Cuda.ShimTests.Name.
broken() {
    sed -n 's/^failed \([A-Za-z0-9_.]*\).*/\1/p' "$out"/*.log 2> /dev/null
}

suite() { # suite <stage> <limit> <program> [filter ...]
    stage=$1 limit=$2 program=$3
    shift 3
    start=$(date +%s)
    timeout "$limit" "$here/$program" --no-progress --filter-not-trait needs=simulator needs=repository "$@" > "$out/$stage.log" 2>&1
    status=$?
    bad=$(total failed "$out/$stage.log")
    # A crash or a limit has no totals and still counts.
    [ $status -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    [ $status -ne 124 ] || echo "$stage: stopped at its limit of $limit s" >> "$out/$stage.log"
    record "$stage" "$(total succeeded "$out/$stage.log" | grep . || echo 0)" "${bad:-0}" $(($(date +%s) - start))
    [ "${bad:-0}" -eq 0 ] || sed -n '/^failed /,/^$/p' "$out/$stage.log" | cut -c1-300 | head -n 40
}

sanitizer() {
    command -v compute-sanitizer 2> /dev/null || { [ -x /usr/local/cuda/bin/compute-sanitizer ] && echo /usr/local/cuda/bin/compute-sanitizer; }
}

# Every operation forward and backward, once, from a small draw; with the pool off each tensor is an allocation of its own.
sanitize() { # sanitize <tool> <limit>
    tool=$(sanitizer)
    if [ -n "${NATIVEDL_CUDA_DRIVER:-}" ]; then skip "$1" "NATIVEDL_CUDA_DRIVER names another driver"; return; fi
    if [ -z "$tool" ]; then skip "$1" "compute-sanitizer is not installed"; return; fi
    start=$(date +%s)
    NATIVEDL_CUDA_POOL=off NATIVEDL_DRAWS="${NATIVEDL_DRAWS:-1}" timeout "$2" "$tool" --tool "$1" --error-exitcode 99 --print-limit 20 \
        "$here/NativeDL.Properties" --no-progress --filter-method '*CudaProperties.Repetition*' > "$out/$1.log" 2>&1
    status=$?
    grep -a "ERROR SUMMARY\|RACECHECK SUMMARY" "$out/$1.log" | tail -n 1
    if [ $status -eq 0 ]; then record "$1" 1 0 $(($(date +%s) - start)); else record "$1" 0 1 $(($(date +%s) - start)); fi
}

measure() { # measure <stage> <limit> <command ...>
    stage=$1 limit=$2
    shift 2
    start=$(date +%s)
    timeout "$limit" "$@" > "$out/$stage.log" 2>&1
    status=$?
    cat "$out/$stage.log"
    if [ $status -eq 0 ]; then record "$stage" 1 0 $(($(date +%s) - start)); else record "$stage" 0 1 $(($(date +%s) - start)); fi
}

{ uname -a; nvidia-smi; } > "$out/machine.log" 2>&1
for each in $stages; do
    case "$each" in
        smoke)
            # Twice: what the driver had to compile the first time it has kept.
            measure smoke 60 "$here/NativeDL.Bench" gpu --start
            measure smoke 60 "$here/NativeDL.Bench" gpu --start ;;
        runtime) suite runtime 90 NativeDL.Tests --filter-class '*Cuda.ShimTests' '*Cuda.CudaRuntimeTests' '*Cuda.CudaGraphTests' '*Cuda.ScratchCudaTests' ;;
        bench) measure bench 120 "$here/NativeDL.Bench" gpu $small --out "$out/bench.json" ;;
        properties) suite properties 240 NativeDL.Properties --filter-class '*CudaProperties' '*HalfProperties' ;;
        tests) suite tests 240 NativeDL.Tests --filter-namespace '*Cuda*' ;;
        blocking)
            class=$(broken | sed 's/\.[^.]*$//' | head -n 1)
            [ -z "$class" ] || {
                program=NativeDL.Tests
                case "$class" in *Properties*) program=NativeDL.Properties ;; esac
                NATIVEDL_CUDA_BLOCKING=1 suite blocking 90 "$program" --filter-class "$class"
            } ;;
        memcheck | racecheck | initcheck | synccheck) sanitize "$each" "${NATIVEDL_SANITIZE_SECONDS:-120}" ;;
        peers)
            if python3 -c 'import torch; assert torch.cuda.is_available()' 2> /dev/null; then measure peers 150 python3 "$here/torch_gpu.py" --out "$out/torch.json" ${NATIVEDL_PEERS:-}
            else skip peers "there is no PyTorch with CUDA"
            fi ;;
        *) skip "$each" "there is no such stage" ;;
    esac
done
# Few files travel well.
for log in "$out"/*.log; do echo "======== $(basename "$log")"; tail -c 400000 "$log"; done > "$out/logs.txt"
rm -f "$out"/*.log

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
