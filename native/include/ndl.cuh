// What all kernel files share: short names of types, and wrappers of the few instructions that C++ cannot say.
// Inline PTX stands only here, each with the C++ that the simulator runs instead.
#pragma once

typedef signed char i8;
typedef unsigned char u8;
typedef short i16;
typedef unsigned short u16;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;

// The number of this thread in a one-dimensional grid, and of all its threads.
__device__ __forceinline__ i64 ndl_index() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ __forceinline__ i64 ndl_stride() { return (i64)gridDim.x * blockDim.x; }

// Rounded once each, by name: what is written with these no compiler fuses into something else.
__device__ __forceinline__ float ndl_fma(float a, float b, float c) { return __fmaf_rn(a, b, c); }
__device__ __forceinline__ double ndl_fma(double a, double b, double c) { return __fma_rn(a, b, c); }
__device__ __forceinline__ float ndl_mul(float a, float b) { return __fmul_rn(a, b); }
__device__ __forceinline__ double ndl_mul(double a, double b) { return __dmul_rn(a, b); }
__device__ __forceinline__ float ndl_add(float a, float b) { return __fadd_rn(a, b); }
__device__ __forceinline__ double ndl_add(double a, double b) { return __dadd_rn(a, b); }

// Half precision as its 16 bits; conversions round to nearest even.
__device__ __forceinline__ u16 ndl_float_to_half(float v)
{
#ifdef NDL_SIMULATOR
    u32 x = __float_as_uint(v), sign = x >> 16 & 0x8000u, magnitude = x & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return (u16)0x7fffu;                         // the NaN that the card gives
    if (magnitude >= 0x477ff000u) return (u16)(sign | 0x7c00u);               // rounds to infinity
    if (magnitude < 0x38800000u)                                              // subnormal or zero
    {
        float scaled = __uint_as_float(magnitude) * 16777216.0f;              // in units of 2^-24, exact
        return (u16)(sign | (u32)rintf(scaled));
    }
    u32 rounded = magnitude + 0xfffu + (magnitude >> 13 & 1u);
    return (u16)(sign | (rounded - 0x38000000u) >> 13);
#else
    u16 h;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(v));
    return h;
#endif
}

__device__ __forceinline__ float ndl_half_to_float(u16 h)
{
#ifdef NDL_SIMULATOR
    u32 sign = (u32)(h & 0x8000u) << 16, exponent = h >> 10 & 31u, fraction = h & 0x3ffu;
    if (exponent == 31u) return __uint_as_float(sign | 0x7f800000u | fraction << 13);
    if (exponent == 0u) return (sign != 0u ? -1.0f : 1.0f) * (float)fraction * (1.0f / 16777216.0f);
    return __uint_as_float(sign | (exponent + 112u) << 23 | fraction << 13);
#else
    float v;
    asm("cvt.f32.f16 %0, %1;" : "=f"(v) : "h"(h));
    return v;
#endif
}

// bfloat16 is the upper half of a float.
__device__ __forceinline__ u16 ndl_float_to_bfloat(float v)
{
    u32 x = __float_as_uint(v);
    if ((x & 0x7fffffffu) > 0x7f800000u) return (u16)0x7fffu;
    return (u16)((x + 0x7fffu + (x >> 16 & 1u)) >> 16);
}

__device__ __forceinline__ float ndl_bfloat_to_float(u16 b) { return __uint_as_float((u32)b << 16); }

// Storage types of half precision. What is stored so is computed with as float, and rounded once where it is stored:
// ndl_up on the way in, ndl_down on the way out; all other types pass as they are.
struct ndl_bf16 { u16 bits; };
struct ndl_f16 { u16 bits; };

template <class T> struct ndl_compute_of { typedef T type; };
template <> struct ndl_compute_of<ndl_bf16> { typedef float type; };
template <> struct ndl_compute_of<ndl_f16> { typedef float type; };
template <class T> using ndl_compute = typename ndl_compute_of<T>::type;

template <class T> __device__ __forceinline__ T ndl_up(T v) { return v; }
__device__ __forceinline__ float ndl_up(ndl_bf16 v) { return ndl_bfloat_to_float(v.bits); }
__device__ __forceinline__ float ndl_up(ndl_f16 v) { return ndl_half_to_float(v.bits); }

template <class S> struct ndl_rounded { template <class C> static __device__ __forceinline__ S from(C v) { return v; } };
template <> struct ndl_rounded<ndl_bf16>
{
    static __device__ __forceinline__ ndl_bf16 from(float v) { return {ndl_float_to_bfloat(v)}; }
    static __device__ __forceinline__ ndl_bf16 from(ndl_bf16 v) { return v; }
};
template <> struct ndl_rounded<ndl_f16>
{
    static __device__ __forceinline__ ndl_f16 from(float v) { return {ndl_float_to_half(v)}; }
    static __device__ __forceinline__ ndl_f16 from(ndl_f16 v) { return v; }
};
template <class S, class C> __device__ __forceinline__ S ndl_down(C v) { return ndl_rounded<S>::from(v); }

// `bytes` (4, 8 or 16, to which both addresses are aligned) from global to shared memory without a register in between
// (capability 8.0; a plain copy before that), or as many zeros. Done after ndl_async_wait and a barrier.
template <int bytes, class T> __device__ __forceinline__ void ndl_async_copy(T* shared, const T* global, bool there)
{
#if !defined(NDL_SIMULATOR) && __CUDA_ARCH__ >= 800
    u32 address = (u32)__cvta_generic_to_shared(shared);
    int count = there ? bytes : 0;
    if (bytes == 16) asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(address), "l"(global), "r"(count) : "memory");
    else asm volatile("cp.async.ca.shared.global [%0], [%1], %3, %2;" :: "r"(address), "l"(global), "r"(count), "n"(bytes) : "memory");
#else
    struct alignas(bytes) piece { T items[bytes / sizeof(T)]; } zeros = {};
    *reinterpret_cast<piece*>(shared) = there ? *reinterpret_cast<const piece*>(global) : zeros;
#endif
}

__device__ __forceinline__ void ndl_async_commit()
{
#if !defined(NDL_SIMULATOR) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// Waits until at most `pending` of this thread's committed groups are still under way.
template <int pending> __device__ __forceinline__ void ndl_async_wait()
{
#if !defined(NDL_SIMULATOR) && __CUDA_ARCH__ >= 800
    asm volatile("cp.async.wait_group %0;" :: "n"(pending) : "memory");
#endif
}

// The same pointer to global memory, of which the compiler does not know any more how it came about: else it may work it out
// from the kernel's parameters each time it is wanted, and wait for them. By all threads of a warp.
template <class T> __device__ __forceinline__ const T* ndl_keep(const T* p)
{
#ifdef NDL_SIMULATOR
    return p;
#else
    u32 lane = threadIdx.x % 32, low = __shfl_sync(0xffffffffu, (u32)(u64)p, lane), high = __shfl_sync(0xffffffffu, (u32)((u64)p >> 32), lane);
    return (const T*)__cvta_global_to_generic((size_t)high << 32 | low);
#endif
}
