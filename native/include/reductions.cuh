// Reductions of the middle of a contiguous [outer, length, inner], by pieces.cuh: a reduction is a struct of its rule, and
// NDL_REDUCTION and its like make the kernels of it, each file the kernels of its rule or family.
//
//   struct fn_sum : ndl_joined<ndl_sum> {};
//   NDL_REDUCTION_NUMBERS(sum)        // sum_f32, sum_f64, sum_i32, sum_i64
//
// A rule says what the value of a piece is and how two are joined (ndl_joined: a number, joined by reduce.cuh), and
//   shift(s)               what is taken of a group's shift
//   map(x, shift, place)   an element as a value; `place` is its number in the group
//   finish(v, shift, d)    the result of a group's value
// Every kernel is `name_type(parts, partsOut, split, x, shift, y, divisor)`.
// x        the elements
// shift    null, or a number for each group: what is taken out of its elements
// y        a result for each group, overwritten
// divisor  of means and variances
// NaN is passed on where joins do. Reads every element once: by 16 bytes along rows that are aligned, else by neighbouring
// threads; a few FLOPs an element. Values in between are at most 1/8 of the elements.
#pragma once
#include "elementwise.cuh"
#include "pieces.cuh"
#include "reduce.cuh"

// What sums and extremes have in common: the value of a piece is a number.
template <class R> struct ndl_joined
{
    template <class T> using Value = T;
    template <class T> static __device__ __forceinline__ T identity() { return R::template identity<T>(); }
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return R::join(a, b); }
    template <class T> static __device__ __forceinline__ T exchange(T v, int offset) { return (T)__shfl_xor_sync(0xffffffffu, v, offset); }
    template <class T> static __device__ __forceinline__ T shift(T s) { return s; }
    template <class T> static __device__ __forceinline__ T map(T x, T, i32) { return x; }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double) { return v; }
};

// The elements, or the values of an earlier launch, as values.
template <class O, class T> struct ndl_elements
{
    typedef T Item;
    T shift;
    i32 first;
    __device__ __forceinline__ typename O::template Value<T> operator()(T x, int i) const { return O::map(x, shift, first + i); }
};

template <class O, class T> struct ndl_earlier
{
    typedef typename O::template Value<T> Item;
    __device__ __forceinline__ Item operator()(Item v, int) const { return v; }
};

// n neighbouring items, by packs of 16 bytes.
template <class O, class T, class Map> __device__ __forceinline__
    typename O::template Value<T> ndl_along_row(const typename Map::Item* p, int n, int lane, int lanes, Map map)
{
    typedef ndl_pack<typename Map::Item, (sizeof(typename Map::Item) < 16 ? 16 / (int)sizeof(typename Map::Item) : 1)> pack;
    const int w = pack::size;
    typename O::template Value<T> values[w];
#pragma unroll
    for (int j = 0; j < w; j++) values[j] = O::template identity<T>();
    bool aligned = ndl_is_aligned16(p);
    int whole = n / w;
    for (int k = lane; k < whole; k += lanes)
    {
        pack items;
        if (aligned) items = *reinterpret_cast<const pack*>(p + k * w);
        else
        {
#pragma unroll
            for (int j = 0; j < w; j++) items.items[j] = p[k * w + j];
        }
#pragma unroll
        for (int j = 0; j < w; j++) values[j] = O::join(values[j], map(items.items[j], k * w + j));
    }
    for (int i = whole * w + lane; i < n; i += lanes) values[0] = O::join(values[0], map(p[i], i));
#pragma unroll
    for (int half = w / 2; half > 0; half /= 2)
    {
#pragma unroll
        for (int j = 0; j < half; j++) values[j] = O::join(values[j], values[j + half]);
    }
    return values[0];
}

template <class O, class T, class Map> __device__ __forceinline__
    typename O::template Value<T> ndl_over_piece(const typename Map::Item* p, const ndl_split& split, const ndl_piece& my, Map map)
{
    typedef typename O::template Value<T> Value;
    p += my.start(split);
    if (split.rows) return ndl_along_row<O, T>(p, my.n, my.lane, split.lanes, map);
    return ndl_down(O::template identity<T>(), my.n, my.lane, split.lanes, [=](int i) { return map(p[i * split.inner], i); },
        [](Value a, Value b) { return O::join(a, b); });
}

template <class O, class T, class R> __device__ __forceinline__
    void ndl_reduce(const typename O::template Value<T>* parts, typename O::template Value<T>* partsOut, const ndl_split& split,
    const T* x, const T* shift, R* y, double divisor)
{
    typedef typename O::template Value<T> Value;
    __shared__ Value room[256];
    ndl_piece my(split);
    T s = shift != nullptr && my.exists ? O::shift(shift[my.group(split)]) : (T)0;
    Value v = parts == nullptr ? ndl_over_piece<O, T>(x, split, my, ndl_elements<O, T>{s, (i32)my.first})
        : ndl_over_piece<O, T>(parts, split, my, ndl_earlier<O, T>());
    if (split.rows)
    {
        for (int offset = split.lanes < 32 ? split.lanes / 2 : 16; offset > 0; offset /= 2) v = O::join(v, O::exchange(v, offset));
        if (split.lanes > 32)   // the block has one piece
        {
            if ((threadIdx.x & 31) == 0) room[threadIdx.x / 32] = v;
            __syncthreads();
            if (my.lane == 0)
                for (int warp = 1; warp < split.lanes / 32; warp++) v = O::join(v, room[warp]);
        }
    }
    else v = ndl_join_lanes(v, my.lane, split.lanes, my.across, room, [](Value a, Value b) { return O::join(a, b); });
    if (!my.writes()) return;
    if (partsOut != nullptr) partsOut[my.result] = v;
    else y[my.result] = O::finish(v, s, divisor);
}

#define NDL_REDUCTION(name, suffix, T, R) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const fn_##name::Value<T>* parts, fn_##name::Value<T>* partsOut, ndl_split split, \
        const T* x, const T* shift, R* y, double divisor) { ndl_reduce<fn_##name, T, R>(parts, partsOut, split, x, shift, y, divisor); }

#define NDL_REDUCTION_FLOATING(name) NDL_REDUCTION(name, f32, float, float) NDL_REDUCTION(name, f64, double, double)
#define NDL_REDUCTION_NUMBERS(name) NDL_REDUCTION_FLOATING(name) NDL_REDUCTION(name, i32, i32, i32) NDL_REDUCTION(name, i64, i64, i64)
