// One element of each group, by its place: a group is the middle of a contiguous [outer, length, inner], whose results and
// places are [outer, inner].
//
// pick    y[o, i] = x[o, place, i]; a place outside of the group gives all bits 1, which is NaN
// spread  y[o, place, i] = x[o, i] into zeros; a place outside of the group is left out
//
// Elements of 1, 4 and 8 bytes, moved bit by bit. Reads and writes one element a group, no FLOPs.
#include "lanes.cuh"

template <class T> __device__ __forceinline__ void pick(const T* x, const i32* places, T* y, i64 groups, i64 length, i64 inner)
{
    for (i64 g = ndl_index(); g < groups; g += ndl_stride())
    {
        ndl_quotient at = ndl_divide(g, inner);
        i64 place = places[g];
        y[g] = place >= 0 && place < length ? x[(at.whole * length + place) * inner + at.rest] : (T)~(T)0;
    }
}

template <class T> __device__ __forceinline__ void spread(const T* x, const i32* places, T* y, i64 groups, i64 length, i64 inner)
{
    for (i64 g = ndl_index(); g < groups; g += ndl_stride())
    {
        ndl_quotient at = ndl_divide(g, inner);
        i64 place = places[g];
        if (place >= 0 && place < length) y[(at.whole * length + place) * inner + at.rest] = x[g];
    }
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) pick_##suffix(const T* x, const i32* places, T* y, i64 groups, i64 length, i64 inner) \
    { pick(x, places, y, groups, length, inner); } \
    extern "C" __global__ void __launch_bounds__(256) spread_##suffix(const T* x, const i32* places, T* y, i64 groups, i64 length, i64 inner) \
    { spread(x, places, y, groups, length, inner); }

KERNELS(f32, u32)
KERNELS(f64, u64)
KERNELS(i32, u32)
KERNELS(i64, u64)
KERNELS(b8, u8)
KERNELS(u8, u8)
KERNELS(bf16, u16)
KERNELS(f16, u16)
