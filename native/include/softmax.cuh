// What softmax and the cross-entropies know of a row.
#pragma once
#include "row.cuh"

// The greatest element, or 0 if that is -inf, which -inf can do without; a row with +inf becomes NaN.
template <class T> __device__ __forceinline__ T ndl_row_shift(ndl_row<T>& row, T* room)
{
    T m = row.template reduce<ndl_max>(room, [&](int i, u32) { return row.items[i]; });
    return m == -ndl_min::identity<T>() ? (T)0 : m;
}

// sum e^(x-m)
template <class T> __device__ __forceinline__ T ndl_weight(ndl_row<T>& row, T m, T* room)
{
    return row.template reduce<ndl_sum>(room, [&](int i, u32) { return exp(row.items[i] - m); });
}

// log sum e^(x-m). Where the greatest has nearly all, there is one, and beside its 1 the others would be rounded away. Rows of a
// warp, or the one of a block, go together.
template <class T> __device__ __forceinline__ T ndl_log_weight(ndl_row<T>& row, T m, T* room)
{
    T sum = ndl_weight(row, m, room), all = log(sum);
    bool nearly = sum >= (T)1 && sum < (T)1.5;
    if (!__any_sync(0xffffffffu, nearly)) return all;
    T others = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i] < m ? exp(row.items[i] - m) : (T)0; });
    return nearly ? log1p(others) : all;
}
