// Reductions of the middle of a contiguous [outer, length, inner], and the places of extremes in it, by pieces.cuh.
//
// Every kernel is `name_type(parts, partsOut, split, x, shift, y, divisor)`.
// x        the elements
// shift    null, or a number for each group: what is taken out of its elements
// y        a result for each group, overwritten
// divisor  of means and variances
// NaN is passed on (of places: the first NaN). Reads every element once: by 16 bytes along rows that are aligned, else
// by neighbouring threads; a few FLOPs an element. Values in between are at most 1/32 of the elements.
#include "elementwise.cuh"
#include "pieces.cuh"
#include "reduce.cuh"

// What sums and extremes have in common: the value of a piece is a number.
template <class R> struct joined
{
    template <class T> using Value = T;
    template <class T> static __device__ __forceinline__ T identity() { return R::template identity<T>(); }
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return R::join(a, b); }
    template <class T> static __device__ __forceinline__ T exchange(T v, int offset) { return (T)__shfl_xor_sync(0xffffffffu, v, offset); }
    template <class T> static __device__ __forceinline__ T shift(T s) { return s; }
    template <class T> static __device__ __forceinline__ T map(T x, T, i32) { return x; }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double) { return v; }
};

template <class T> __device__ __forceinline__ T squared(T x) { return x * x; }

struct fn_sum : joined<ndl_sum> {};
struct fn_max : joined<ndl_max> {};
struct fn_min : joined<ndl_min> {};
struct fn_any : joined<ndl_max> {};
struct fn_all : joined<ndl_min> {};

struct fn_mean : joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return v / (T)divisor; }
};

struct fn_norm : joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T map(T x, T, i32) { return squared(x); }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double) { return sqrt(v); }
};

// The shift is the mean: nothing is lost to cancellation.
struct fn_var : joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T map(T x, T mean, i32) { return squared(x - mean); }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return v / (T)divisor; }
};

struct fn_std : fn_var
{
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return sqrt(v / (T)divisor); }
};

// The shift is the greatest element; infinity - infinity is no number, and without a finite one the sum needs no help.
struct fn_logsumexp : joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T shift(T s) { return isfinite(s) ? s : (T)0; }
    template <class T> static __device__ __forceinline__ T map(T x, T s, i32) { return exp(x - s); }
    template <class T> static __device__ __forceinline__ T finish(T v, T s, double) { return s + log(v); }
};

template <class T> struct candidate
{
    T value;
    i32 place;
};

// The place of the extreme; NaN beats every number, of equal ones the first wins, so no order of joins shows.
template <class R> struct extreme
{
    template <class T> using Value = candidate<T>;
    template <class T> static __device__ __forceinline__ candidate<T> identity() { return {R::template identity<T>(), 0x7fffffff}; }
    template <class T> static __device__ __forceinline__ candidate<T> join(candidate<T> a, candidate<T> b)
    {
        bool same = a.value == b.value || (a.value != a.value && b.value != b.value);
        bool first = same ? a.place < b.place : a.value != a.value || (b.value == b.value && R::join(a.value, b.value) == a.value);
        return first ? a : b;
    }
    template <class T> static __device__ __forceinline__ candidate<T> exchange(candidate<T> v, int offset)
    {
        return {__shfl_xor_sync(0xffffffffu, v.value, offset), __shfl_xor_sync(0xffffffffu, v.place, offset)};
    }
    template <class T> static __device__ __forceinline__ T shift(T s) { return s; }
    template <class T> static __device__ __forceinline__ candidate<T> map(T x, T, i32 place) { return {x, place}; }
    template <class T> static __device__ __forceinline__ i32 finish(candidate<T> v, T, double) { return v.place; }
};

struct fn_argmax : extreme<ndl_max> {};
struct fn_argmin : extreme<ndl_min> {};

// The elements, or the values of an earlier launch, as values.
template <class O, class T> struct elements
{
    typedef T Item;
    T shift;
    i32 first;
    __device__ __forceinline__ typename O::template Value<T> operator()(T x, int i) const { return O::map(x, shift, first + i); }
};

template <class O, class T> struct earlier
{
    typedef typename O::template Value<T> Item;
    __device__ __forceinline__ Item operator()(Item v, int) const { return v; }
};

// n neighbouring items, by packs of 16 bytes.
template <class O, class T, class Map> __device__ __forceinline__ typename O::template Value<T> along_row(const typename Map::Item* p, int n, int lane, int lanes, Map map)
{
    typedef ndl_pack<typename Map::Item> pack;
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

template <class O, class T, class Map> __device__ __forceinline__ typename O::template Value<T> over_piece(const typename Map::Item* p, const ndl_split& split, const ndl_piece& my, Map map)
{
    typedef typename O::template Value<T> Value;
    p += my.start(split);
    if (split.rows) return along_row<O, T>(p, my.n, my.lane, split.lanes, map);
    return ndl_down(O::template identity<T>(), my.n, my.lane, split.lanes, [=](int i) { return map(p[i * split.inner], i); }, [](Value a, Value b) { return O::join(a, b); });
}

template <class O, class T, class R> __device__ __forceinline__ void reduce(const typename O::template Value<T>* parts, typename O::template Value<T>* partsOut, const ndl_split& split,
    const T* x, const T* shift, R* y, double divisor)
{
    typedef typename O::template Value<T> Value;
    __shared__ Value room[256];
    ndl_piece my(split);
    T s = shift != nullptr && my.exists ? O::shift(shift[my.group(split)]) : (T)0;
    Value v = parts == nullptr ? over_piece<O, T>(x, split, my, elements<O, T>{s, (i32)my.first}) : over_piece<O, T>(parts, split, my, earlier<O, T>());
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

#define REDUCTION(name, suffix, T, R) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const fn_##name::Value<T>* parts, fn_##name::Value<T>* partsOut, ndl_split split, \
        const T* x, const T* shift, R* y, double divisor) { reduce<fn_##name, T, R>(parts, partsOut, split, x, shift, y, divisor); }

#define FLOATING(name) REDUCTION(name, f32, float, float) REDUCTION(name, f64, double, double)
#define NUMBERS(name) FLOATING(name) REDUCTION(name, i32, i32, i32) REDUCTION(name, i64, i64, i64)
#define PLACES(name) REDUCTION(name, f32, float, i32) REDUCTION(name, f64, double, i32) REDUCTION(name, i32, i32, i32) REDUCTION(name, i64, i64, i32)

NUMBERS(sum)
NUMBERS(max)
NUMBERS(min)
REDUCTION(max, u8, u8, u8)
REDUCTION(min, u8, u8, u8)
REDUCTION(any, b8, u8, u8)
REDUCTION(all, b8, u8, u8)
FLOATING(mean)
FLOATING(norm)
FLOATING(var)
FLOATING(std)
FLOATING(logsumexp)
PLACES(argmax)
PLACES(argmin)
