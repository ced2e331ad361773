// Lets g++ compile a CUDA kernel file as C++ for the simulator. Included before every kernel file.
//
// The threads of a block run on one OS thread, so shared memory is thread-local storage, and all of a
// kernel module's thread-local storage is shared memory: the engine poisons it before each block.
#pragma once
#define NDL_SIMULATOR 1
#define __CUDA_ARCH__ 800

#ifndef NDLSIM_SCAN   // while scanning for kernel names the qualifiers stay visible

#include <assert.h>
#include <stdio.h>
#include "device/intrinsics.h"

#define __global__
#define __device__
#define __host__
#define __constant__ __attribute__((used))
#define __shared__ thread_local
#define __grid_constant__
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) alignas(n)
#define threadIdx (ndlsim_running.thread_index)
#define blockIdx (ndlsim_running.block_index)
#define blockDim (ndlsim_running.block_dim)
#define gridDim (ndlsim_running.grid_dim)
#define warpSize 32
#undef assert
#define assert(condition) ((condition) ? (void)0 : ndlsim_fail("assertion failed: %s (%s:%d)", #condition, __FILE__, __LINE__))

#include <tuple>
#include <utility>

namespace ndlsim
{
template <class T> constexpr Parameter describe()
{
    char kind = std::is_pointer_v<T> ? 'p' : std::is_floating_point_v<T> ? 'f'
        : std::is_integral_v<T> || std::is_enum_v<T> ? 'i' : 's';
    return {sizeof(T), alignof(T), kind};
}

template <auto Kernel> struct Entry;
template <class... A, void (*Kernel)(A...)> struct Entry<Kernel>
{
    static constexpr unsigned count = sizeof...(A);
    static constexpr Parameter parameters[count + 1] = {describe<A>()..., {0, 0, 0}};

    static void run(void** arguments) { run(arguments, std::index_sequence_for<A...>{}); }

    template <std::size_t... I> static void run([[maybe_unused]] void** arguments, std::index_sequence<I...>)
    {
        std::tuple<A...> values(*static_cast<std::remove_const_t<A>*>(arguments[I])...);
        while (ndlsim_next_thread()) Kernel(std::get<I>(values)...);
    }
};
}

#define NDLSIM_KERNEL(name, bounds) \
    static constexpr ndlsim::KernelEntry ndlsim_entry_##name = \
        {#name, &ndlsim::Entry<&name>::run, ndlsim::Entry<&name>::parameters, ndlsim::Entry<&name>::count, bounds};

#endif
