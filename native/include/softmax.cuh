// What softmax and the cross-entropies know of a row.
#pragma once
#include "row.cuh"

// e^x of a row's elements. That of double is called: expanded for each that a thread holds, it would be most of these kernels.
static __device__ __noinline__ double ndl_row_exp(double x) { return exp(x); }
static __device__ __forceinline__ float ndl_row_exp(float x) { return exp(x); }

// The greatest, whatever NaN says: that is heard in the sums.
struct ndl_greatest
{
    template <class T> static __device__ __forceinline__ T identity() { return ndl_max::identity<T>(); }
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return max(a, b); }
};

// A row's greatest element m (0 where that is -inf, which -inf can do without) and sum e^(x-m), NaN of a row with NaN or +inf.
template <class T> struct ndl_weights
{
    T m, sum;
};

// In one pass: what a thread has summed is scaled anew where one of its later strips has a greater element.
template <class T> __device__ __forceinline__ ndl_weights<T> ndl_row_weights(ndl_row<T>& row, T* room)
{
    const T lowest = ndl_max::identity<T>();
    T m = lowest, sum = (T)0;
    for (int strip = 0; strip < row.strips(); strip++)
    {
        row.show(strip);
        T top = max(m, row.template fold<ndl_greatest>(strip, [&](int i, u32) { return row.items[i]; }));
        if (top > m)
        {
            if (sum != (T)0) sum *= exp(m - top);
            m = top;
        }
        T shift = m == lowest ? (T)0 : m;
        sum += row.template fold<ndl_sum>(strip, [&](int i, u32) { return ndl_row_exp(row.items[i] - shift); });
    }
    T all = ndl_lanes_reduce<ndl_greatest>(m, row.my.lanes, room);
    if (all == lowest) all = (T)0;
    if (sum != (T)0 && m != lowest) sum *= exp(m - all);
    return {all, ndl_lanes_reduce<ndl_sum>(sum, row.my.lanes, room)};
}

// log sum e^(x-m). Where the greatest has nearly all, there is one, and beside its 1 the others would be rounded away: they are
// summed alone. Rows of a warp, or the one of a block, go together.
template <class T> __device__ __forceinline__ T ndl_log_weight(ndl_row<T>& row, const ndl_weights<T>& weights, T* room)
{
    T all = log(weights.sum), m = weights.m;
    bool nearly = weights.sum >= (T)1 && weights.sum < (T)1.5;
    if (!__any_sync(0xffffffffu, nearly)) return all;
    T others = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i] < m ? ndl_row_exp(row.items[i] - m) : (T)0; });
    return nearly ? log1p(others) : all;
}
