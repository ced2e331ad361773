// What softmax and the cross-entropies know of a row.
#pragma once
#include "row.cuh"

// The greatest element, or 0 if that is not finite: what can be taken out of an exponent, as inf - inf is NaN.
template <class T> __device__ __forceinline__ T ndl_finite_max(ndl_row<T>& row, T* room)
{
    T m = row.template reduce<ndl_max>(room, [&](int i, u32) { return row.items[i]; });
    return isfinite(m) ? m : (T)0;
}

// sum e^(x-m)
template <class T> __device__ __forceinline__ T ndl_weight(ndl_row<T>& row, T m, T* room)
{
    return row.template reduce<ndl_sum>(room, [&](int i, u32) { return exp(row.items[i] - m); });
}
