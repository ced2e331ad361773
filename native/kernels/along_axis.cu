// Elements by an index of their own, and the adjoint. An index out of range reads and writes nothing: its element is NaN
// (0 for whole numbers), and what would be added to it is left out.
//
// take_along_axis  y[o, j, c] = x[o, index[o, j, c], c]     x [outer, size, inner]; index and y [outer, count, inner]
// add_along_axis   y[o, t, c] = the sum of x[o, j, c] over all j with index[o, j, c] = t, in the order of j
//                  x and index [outer, count, inner], y [outer, size, inner]
// spread_along_axis  y[o, index[o, j, c], c] = x[o, j, c] into zeros, where no index comes twice in a column; of elements of
//                  1, 2, 4 and 8 bytes, bit by bit
// last_along_axis  y[o, t, c] = the last j with index[o, j, c] = t, -1 where there is none; y is -1 on entry
//
// Contiguous, aligned to the element. take_along_axis overwrites; it moves each result, what it is made of and its index once.
// add_along_axis overwrites where it looks through the indices for each result, which is right for few of them; else y is 0 on
// entry and each column is walked by one thread, a write an index, so that a single long column is slow. 1 FLOP an element of x.
// NaN propagates.
#include "missing.cuh"

template <class T> __device__ __forceinline__ void take(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner)
{
    i64 n = outer * count * inner;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient row = ndl_divide(i, inner);
        i64 o = ndl_divide(row.whole, count).whole;
        u32 from = (u32)index[i];
        y[i] = from < (u32)size ? x[(o * size + from) * inner + row.rest] : missing<T>();
    }
}

template <class T> __device__ __forceinline__ void look_through(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner)
{
    i64 n = outer * size * inner;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient row = ndl_divide(i, inner), at = ndl_divide(row.whole, size);
        i64 first = at.whole * count * inner + row.rest;
        T sum = (T)0;
        for (int j = 0; j < count; j++)
            if (index[first + j * inner] == (i32)at.rest) sum += x[first + j * inner];
        y[i] = sum;
    }
}

template <class T> __device__ __forceinline__ void walk_columns(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner)
{
    i64 n = outer * inner;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient at = ndl_divide(i, inner);
        i64 first = at.whole * count * inner + at.rest;
        for (int j = 0; j < count; j++)
        {
            u32 target = (u32)index[first + j * inner];
            if (target < (u32)size) y[(at.whole * size + target) * inner + at.rest] += x[first + j * inner];
        }
    }
}

// Calls put(place of y, place of x, j) for each index in range.
template <class Put> __device__ __forceinline__ void to_places(const i32* index, i64 outer, int size, int count, i64 inner, Put put)
{
    i64 n = outer * count * inner;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient row = ndl_divide(i, inner), at = ndl_divide(row.whole, count);
        u32 target = (u32)index[i];
        if (target < (u32)size) put((at.whole * size + target) * inner + row.rest, i, (int)at.rest);
    }
}

#define TAKE(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) take_along_axis_##suffix(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner) \
    { take(x, index, y, outer, size, count, inner); }

#define ADD(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) add_along_axis_##suffix(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner, \
        int few) \
    { \
        if (few) look_through(x, index, y, outer, size, count, inner); \
        else walk_columns(x, index, y, outer, size, count, inner); \
    }

#define SPREAD(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) spread_along_axis_##suffix(const T* x, const i32* index, T* y, i64 outer, int size, int count, \
        i64 inner) \
    { to_places(index, outer, size, count, inner, [=](i64 to, i64 i, int) { y[to] = x[i]; }); }

TAKE(f32, float)
TAKE(f64, double)
TAKE(i32, i32)
TAKE(i64, i64)
TAKE(b8, u8)
TAKE(u8, u8)
TAKE(bf16, ndl_bf16)
TAKE(f16, ndl_f16)

ADD(f32, float)
ADD(f64, double)

SPREAD(u8, u8)
SPREAD(f16, u16)
SPREAD(i32, u32)
SPREAD(i64, u64)

extern "C" __global__ void __launch_bounds__(256) last_along_axis_i32(const i32* index, i32* y, i64 outer, int size, int count, i64 inner)
{
    to_places(index, outer, size, count, inner, [=](i64 to, i64, int j) { atomicMax(y + to, j); });
}
