#!/bin/sh
# Builds the simulator: build.sh <outdir> [folder with .cu files]...
# Gives <outdir>/libcuda.so.1 and one <outdir>/kernels/<family>.so for every .cu file of native/kernels and of the
# folders named (by default the tests' own kernels). Only what changed is built again.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
[ $# -ge 1 ] || { echo "usage: build.sh <outdir> [folder with .cu files]..." >&2; exit 2; }
mkdir -p "$1/kernels" "$1/obj"
out=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- "$root/tests/NativeDL.Tests/Cuda/kernels"
export here root out
export CXX="${CXX:-g++}"
case "$(uname -m)" in
    x86_64) native=-march=native ;;
    *) native=-mcpu=native ;;
esac
# No contraction: a fused multiply-add happens where a kernel says so, as on the card with explicit intrinsics.
export COMMON="-std=c++20 -O2 $native -ffp-contract=off -fPIC -pthread -Wall -Wextra -Werror -fvisibility=hidden"

newer() { # newer <target> <inputs...>: whether the target is missing or older than an input
    target=$1; shift
    [ ! -e "$target" ] || [ -n "$(find "$@" -newer "$target" -type f | head -n 1)" ]
}

if newer "$out/libcuda.so.1" "$here/host" "$here/device/state.h" "$here/device/vector_types.h" "$here/build.sh"; then
    rm -f "$out"/obj/*.o
    ls "$here"/host/*.cpp | xargs -P "$(nproc)" -I{} sh -c \
        '"$CXX" $COMMON -c "$1" -o "$out/obj/$(basename "$1" .cpp).o"' sh {}
    "$CXX" -shared -pthread -Wl,-soname,libcuda.so.1 -Wl,--no-undefined "$out"/obj/*.o -ldl -o "$out/libcuda.so.1.new"
    mv "$out/libcuda.so.1.new" "$out/libcuda.so.1"
fi

cat > "$out/obj/kernel.sh" <<'KERNEL'
# kernel.sh <file.cu>: finds the kernels' names in the preprocessed text and compiles the file with a table of them.
set -eu
file=$1
family=$(basename "$file" .cu)
text="$out/obj/$family.scan"
"$CXX" -std=c++20 -E -P -x c++ -DNDLSIM_SCAN -I "$here" -I "$root/native/include" -include "$here/shim.h" "$file" | tr '\n' ' ' > "$text"
{
    echo "#include \"$file\""
    awk '
    {
        rest = $0
        while (match(rest, /extern +"C" +__global__[^{;]*\{/)) {
            head = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
            bounds = "0"
            if (match(head, /__launch_bounds__ *\([^)]*\)/)) {
                bounds = substr(head, RSTART, RLENGTH)
                head = substr(head, 1, RSTART - 1) substr(head, RSTART + RLENGTH)
                sub(/__launch_bounds__ *\( */, "", bounds); sub(/[,)].*/, "", bounds)
            }
            if (match(head, /[A-Za-z_0-9]+ *\(/)) {
                name = substr(head, RSTART, RLENGTH); sub(/ *\(/, "", name)
                names[++count] = name
                print "NDLSIM_KERNEL(" name ", " bounds ")"
            }
        }
        rest = $0
        while (match(rest, /extern +__shared__[^;\[]*\[ *\]/)) {
            head = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
            sub(/ *\[ *\]/, "", head); sub(/.*[^A-Za-z_0-9]/, "", head)
            shared[head] = 1
        }
    }
    END {
        printf "static const ndlsim::KernelEntry* const ndlsim_kernels[] = {"
        for (i = 1; i <= count; i++) printf "&ndlsim_entry_%s, ", names[i]
        print "nullptr};"
        print "static __thread char ndlsim_anchor;"
        print "static void* ndlsim_find_anchor() { return &ndlsim_anchor; }"
        dynamic = 0
        for (s in shared) dynamic = 1
        if (dynamic) print "extern \"C\" __thread char ndlsim_dynamic[];\nstatic void* ndlsim_find_dynamic() { return ndlsim_dynamic; }"
        print "static const ndlsim_module_info ndlsim_info = {\"" family "\", ndlsim_kernels, " count + 0 ", &ndlsim_find_anchor, " (dynamic ? "&ndlsim_find_dynamic" : "nullptr") "};"
        print "__attribute__((constructor)) static void ndlsim_load() { ndlsim_register_module(&ndlsim_info); }"
        # All names of dynamic shared memory are names of the same bytes.
        file = out "/obj/" family ".shared.cpp"
        print "" > file
        if (dynamic) {
            print "extern \"C\" { __attribute__((visibility(\"hidden\"), aligned(128))) __thread char ndlsim_dynamic[227 * 1024 + 256];" > file
            for (s in shared) print "extern __thread char " s "[] __attribute__((visibility(\"hidden\"), alias(\"ndlsim_dynamic\")));" > file
            print "}" > file
        }
    }' family="$family" out="$out" "$text"
} > "$out/obj/$family.cpp"
# -fsanitize names file and line of a misaligned vector access, a null pointer, an index outside of an array.
"$CXX" $COMMON -fvisibility=default -fno-gnu-unique -Wno-unknown-pragmas -Wno-sign-compare -Wno-unused-function -fno-extern-tls-init \
    -fsanitize=alignment,bounds,null -fno-sanitize-recover=all \
    -I "$here" -I "$root/native/include" -include "$here/shim.h" -c "$out/obj/$family.cpp" -o "$out/obj/$family.k.o"
"$CXX" $COMMON -c "$out/obj/$family.shared.cpp" -o "$out/obj/$family.shared.k.o"
"$CXX" -shared -pthread -Wl,-Bsymbolic "$out/obj/$family.k.o" "$out/obj/$family.shared.k.o" "$out/libcuda.so.1" -Wl,-rpath,'$ORIGIN/..' -Wl,--no-undefined -o "$out/kernels/$family.so.new"
mv "$out/kernels/$family.so.new" "$out/kernels/$family.so"
KERNEL

wanted=""
stale=""
for folder in "$root/native/kernels" "$@"; do
    for file in "$folder"/*.cu; do
        [ -e "$file" ] || continue
        family=$(basename "$file" .cu)
        case " $wanted " in *" $family "*) echo "two kernel files are named $family.cu" >&2; exit 1 ;; esac
        wanted="$wanted $family"
        if newer "$out/kernels/$family.so" "$file" "$here/shim.h" "$here/device" "$here/build.sh" "$root/native/include"; then stale="$stale $file"; fi
    done
done
for library in "$out"/kernels/*.so; do   # of files that are gone
    family=$(basename "$library" .so)
    case " $wanted " in *" $family "*) ;; *) rm -f "$library" ;; esac
done
[ -z "$stale" ] || printf '%s\n' $stale | xargs -P "$(nproc)" -n 1 sh "$out/obj/kernel.sh"
echo "simulator: $out/libcuda.so.1,$(echo $wanted | wc -w) kernel files"
