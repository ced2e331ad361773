// Neighbouring elements that are moved and worked on together: 16 bytes where rows allow it, else one element.
#pragma once
#include "ndl.cuh"

template <class T, int w> struct alignas(w * sizeof(T)) ndl_lanes
{
    T items[w];

    __device__ __forceinline__ void add(const ndl_lanes& other)
    {
#pragma unroll
        for (int j = 0; j < w; j++) items[j] += other.items[j];
    }
};

template <class T, int w> __device__ __forceinline__ ndl_lanes<T, w> ndl_same(T value)
{
    ndl_lanes<T, w> same;
#pragma unroll
    for (int j = 0; j < w; j++) same.items[j] = value;
    return same;
}

template <class T, int w> __device__ __forceinline__ ndl_lanes<T, w> ndl_load(const T* p) { return *reinterpret_cast<const ndl_lanes<T, w>*>(p); }
template <class T, int w> __device__ __forceinline__ void ndl_store(T* p, const ndl_lanes<T, w>& v) { *reinterpret_cast<ndl_lanes<T, w>*>(p) = v; }

// Whether rows of n elements from p can be moved by 16 bytes; the null pointer, which is never read, can.
template <class T> __device__ __forceinline__ bool ndl_is_wide(const T* p, i64 n) { return (((u64)p | (u64)n * sizeof(T)) & 15) == 0; }

struct ndl_quotient
{
    i64 whole, rest;
};

// Of numbers that are not negative; 32-bit division where it will do, which is several times faster.
__device__ __forceinline__ ndl_quotient ndl_divide(i64 i, i64 by)
{
    if ((((u64)i | (u64)by) >> 32) == 0)
    {
        u32 whole = (u32)i / (u32)by;
        return {(i64)whole, (i64)((u32)i - whole * (u32)by)};
    }
    i64 whole = i / by;
    return {whole, i - whole * by};
}
