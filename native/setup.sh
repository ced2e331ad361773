#!/usr/bin/env bash
# Finds OpenBLAS (CPU products) and NVRTC (the compiler of the CUDA kernels) on a Linux machine, or fetches
# their Debian/Ubuntu packages and unpacks them under a folder of ours. Needs no root and installs nothing.
#
#   native/setup.sh <folder>        usually artifacts/native
#
# Neither is needed to build: what is missing is a warning that says what is lost. Exit status 0 then too.
set -euo pipefail
target=${1:?usage: native/setup.sh <folder>}
mkdir -p "$target"
target=$(cd "$target" && pwd)
# Package lists and downloads: this run's own, for another may be at work beside it, and gone at the end.
work=$(mktemp -d "$target/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT

say()  { echo "setup: $*"; }
warn() { echo "setup: warning: $*" >&2; }

# ---------------------------------------------------------------- what the machine has

loader_cache() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | sed -n 's/.* => //p'; }

# Only the thread-safe (pthread) build counts; its file is named libopenblasp-… on every distribution.
system_openblas() {
    local file
    for file in $(loader_cache | grep -E '/libopenblasp?\.so(\.0)?$'); do
        case $(readlink -f "$file") in */libopenblasp*) echo "$file"; return ;; esac
    done
}

system_nvrtc() {
    { loader_cache; ls -d "${CUDA_PATH:-/usr/local/cuda}"/lib64/* /usr/local/cuda*/lib64/* 2>/dev/null || true; } \
        | grep -m 1 -E '/libnvrtc\.so(\.[0-9.]+)?$' || true
}

# ---------------------------------------------------------------- packages

# apt pointed at private copies of everything it writes, and at the machine's own sources with the
# components that hold NVRTC appended. As root it keeps root: its own user cannot write to our folder.
apt_options=(
    -o Dir::Etc::SourceList=/dev/null
    -o "Dir::Etc::SourceParts=$work/sources"
    -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache"
    -o APT::Sandbox::User=root
    -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    -o Acquire::http::Timeout=20
    -o Acquire::Retries=2
)

# Appends the components "$@" to every source of the main archive, in either format, where they are not there yet.
add_components() {
    awk -v wanted="$*" '
        function with(line,   n, i, parts) {
            n = split(wanted, parts, " ")
            for (i = 1; i <= n; i++) if ((" " line " ") !~ (" " parts[i] " ")) line = line " " parts[i]
            return line
        }
        /^Components:.*[ \t]main([ \t]|$)/ || /^deb .*[ \t]main([ \t]|$)/ { sub(/[ \t]+$/, ""); print with($0); next }
        /^deb-src / { next }
        { print }'
}

lists_ready=
refresh_lists() {
    [ -z "$lists_ready" ] || { [ "$lists_ready" = yes ]; return; }
    lists_ready=no
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || { warn "no apt-get here, so nothing can be fetched"; return 1; }
    local extra=(contrib non-free) source
    grep -qs '^ID=ubuntu' /etc/os-release && extra=(restricted universe multiverse)
    mkdir -p "$work"/{sources,lists/partial,cache/archives/partial,debs}
    for source in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
        if [ -r "$source" ]; then add_components "${extra[@]}" < "$source" > "$work/sources/$(basename "$source")"; fi
    done
    say "refreshing a private copy of the package lists"
    apt-get -qq "${apt_options[@]}" update || { warn "the package lists could not be fetched"; return 1; }
    lists_ready=yes
}

known() { apt-cache "${apt_options[@]}" show "$1" >/dev/null 2>&1; }

# fetch <name> <package>…: downloads, unpacks aside, moves each file into place, and only then the stamp that says all are
# there. A move is a rename: whoever looks meanwhile, or does the same, meets a whole file.
fetch() {
    local name=$1 deb
    shift
    rm -rf "$work"/debs/* "$work/unpacked"
    (cd "$work/debs" && apt-get -qq "${apt_options[@]}" download "$@") || { warn "could not download $*"; return 1; }
    for deb in "$work"/debs/*.deb; do
        dpkg -x "$deb" "$work/unpacked" || { warn "could not unpack $(basename "$deb")"; return 1; }
    done
    (cd "$work/unpacked" && find . ! -type d | while IFS= read -r file; do
        mkdir -p "$target/${file%/*}" && mv -fT "$file" "$target/$file" || exit 1
    done) || { warn "could not write to $target"; return 1; }
    for deb in "$work"/debs/*.deb; do dpkg-deb -W --showformat='${Package} ${Version}\n' "$deb"; done > "$work/stamp"
    mv "$work/stamp" "$target/$name.stamp"
    say "$name: unpacked $(paste -sd, "$target/$name.stamp" | sed 's/,/, /g') under $target"
}

reuse() { [ -s "$target/$1.stamp" ] && say "$1: reusing $(paste -sd, "$target/$1.stamp" | sed 's/,/, /g') under $target"; }

# ---------------------------------------------------------------- OpenBLAS

openblas() {
    local found packages
    reuse openblas && return
    found=$(system_openblas)
    [ -z "$found" ] || { say "openblas: using the system's $found"; return; }
    refresh_lists || return
    packages=(libopenblas0-pthread libgfortran5)
    known libquadmath0 && packages+=(libquadmath0)   # exists only where the processor has no 128-bit floats
    fetch openblas "${packages[@]}"
}

# ---------------------------------------------------------------- NVRTC

nvrtc() {
    local found package
    reuse nvrtc && return
    found=$(system_nvrtc)
    [ -z "$found" ] || { say "nvrtc: using the system's $found"; return; }
    refresh_lists || return
    # The package carries its version in its name: take the newest that this release has.
    package=$(apt-cache "${apt_options[@]}" pkgnames libnvrtc | grep -E '^libnvrtc[0-9.]+$' | sort -V | tail -n 1 || true)
    [ -n "$package" ] || { warn "this system's packages hold no NVRTC"; return 1; }
    # NVRTC opens its built-in functions as a second library at run time.
    # shellcheck disable=SC2046 # a list of names
    fetch nvrtc "$package" $(apt-cache "${apt_options[@]}" depends "$package" | sed -n 's/.*Depends: \(libnvrtc-builtins.*\)/\1/p')
}

openblas || warn "OpenBLAS is absent: products run on the managed kernels, which are slower. To have it: apt-get install libopenblas0-pthread"
nvrtc || warn "NVRTC is absent: the CUDA kernels are not compiled, and asking for CUDA will say so."
