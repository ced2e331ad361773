// Sums and the like over the threads of a warp or block, in an order that is fixed: xor-trees, then warp after warp.
// Every thread gets the result. A reducer is a struct: identity<T>(), join(a, b).
#pragma once
#include "ndl.cuh"

struct ndl_sum
{
    template <class T> static __device__ __forceinline__ T identity() { return (T)0; }
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return a + b; }
};

// NaN beats every number, +0 beats -0.
struct ndl_max
{
    template <class T> static __device__ __forceinline__ T identity();
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return a > b || a != a ? a : b; }
};

struct ndl_min
{
    template <class T> static __device__ __forceinline__ T identity();
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return a < b || a != a ? a : b; }
};

template <> __device__ __forceinline__ float ndl_max::identity<float>() { return -__int_as_float(0x7f800000); }
template <> __device__ __forceinline__ double ndl_max::identity<double>() { return -__longlong_as_double(0x7ff0000000000000LL); }
template <> __device__ __forceinline__ i32 ndl_max::identity<i32>() { return (i32)0x80000000; }
template <> __device__ __forceinline__ i64 ndl_max::identity<i64>() { return (i64)0x8000000000000000ULL; }
template <> __device__ __forceinline__ u8 ndl_max::identity<u8>() { return 0; }
template <> __device__ __forceinline__ float ndl_min::identity<float>() { return __int_as_float(0x7f800000); }
template <> __device__ __forceinline__ double ndl_min::identity<double>() { return __longlong_as_double(0x7ff0000000000000LL); }
template <> __device__ __forceinline__ i32 ndl_min::identity<i32>() { return 0x7fffffff; }
template <> __device__ __forceinline__ i64 ndl_min::identity<i64>() { return 0x7fffffffffffffffLL; }
template <> __device__ __forceinline__ u8 ndl_min::identity<u8>() { return 255; }

// max(-0, +0) = +0 and min(+0, -0) = -0: comparison does not tell the zeros apart, addition and bits do.
template <> __device__ __forceinline__ float ndl_max::join<float>(float a, float b)
{ return a == b ? __int_as_float(__float_as_int(a) & __float_as_int(b)) : a > b || a != a ? a : b; }
template <> __device__ __forceinline__ double ndl_max::join<double>(double a, double b)
{ return a == b ? __longlong_as_double(__double_as_longlong(a) & __double_as_longlong(b)) : a > b || a != a ? a : b; }
template <> __device__ __forceinline__ float ndl_min::join<float>(float a, float b)
{ return a == b ? __int_as_float(__float_as_int(a) | __float_as_int(b)) : a < b || a != a ? a : b; }
template <> __device__ __forceinline__ double ndl_min::join<double>(double a, double b)
{ return a == b ? __longlong_as_double(__double_as_longlong(a) | __double_as_longlong(b)) : a < b || a != a ? a : b; }

// Over the 32 threads of a warp, all of which must be here.
template <class R, class T> __device__ __forceinline__ T ndl_warp_reduce(T v)
{
#pragma unroll
    for (int offset = 16; offset > 0; offset >>= 1) v = R::join(v, __shfl_xor_sync(0xffffffffu, v, offset));
    return v;
}

// Over the threads of a one-dimensional block of whole warps, all of which must be here; `room` is shared memory for
// 32 values, free to use again after the next barrier of the caller's (this function begins with one).
template <class R, class T> __device__ __forceinline__ T ndl_block_reduce(T v, T* room)
{
    v = ndl_warp_reduce<R>(v);
    if (blockDim.x <= 32) return v;
    int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
    __syncthreads();
    if (lane == 0) room[warp] = v;
    __syncthreads();
    v = lane < warps ? room[lane] : R::template identity<T>();
    return ndl_warp_reduce<R>(v);
}

// Over `lanes` neighbouring threads, a power of two: a part of a warp, or all of a block. All threads of the block must
// be here. `room` as above.
template <class R, class T> __device__ __forceinline__ T ndl_lanes_reduce(T v, int lanes, T* room)
{
    if (lanes > 32) return ndl_block_reduce<R>(v, room);
    for (int offset = lanes / 2; offset > 0; offset >>= 1) v = R::join(v, __shfl_xor_sync(0xffffffffu, v, offset));
    return v;
}
