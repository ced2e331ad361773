// Reductions of the middle of a contiguous [outer, length, inner], and the places of extremes in it.
//
// Every kernel is `name_type(x, parts, shift, partsOut, y, outer, length, inner, piece, pieces, lanes, divisor)`.
// A group of elements that differ only in the middle index is reduced to one value; long groups go by pieces of `piece`
// elements whose values [outer, pieces, inner] are reduced in the same way by a further launch.
// x        the elements, or null where `parts`, the values of an earlier launch, are reduced
// shift    null, or a number for each of the outer * inner groups
// partsOut values to reduce further, or null in the last launch, which writes y; either is overwritten
// lanes    threads that share a piece, a power of two that divides the block; the block's other threads do the next pieces
// divisor  of means and variances
// An element goes to a fixed thread and place, so the order of joins follows from the counts alone. NaN is passed on
// (of places: the first NaN). Reads every element once: by 16 bytes along rows (inner 1) that are aligned, else by
// neighbouring threads; a few FLOPs an element. Values in between are at most 1/32 of the elements.
#include "elementwise.cuh"
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
struct fn_variance : joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T map(T x, T mean, i32) { return squared(x - mean); }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return v / (T)divisor; }
};

struct fn_standardDeviation : fn_variance
{
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return sqrt(v / (T)divisor); }
};

// The shift is the greatest element; infinity - infinity is no number, and without a finite one the sum needs no help.
struct fn_logSumExp : joined<ndl_sum>
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

struct fn_argMax : extreme<ndl_max> {};
struct fn_argMin : extreme<ndl_min> {};

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

// n items, one every `stride`; four at a time are under way.
template <class O, class T, class Map> __device__ __forceinline__ typename O::template Value<T> down_column(const typename Map::Item* p, i64 stride, int n, int lane, int lanes, Map map)
{
    const int w = 4;
    typename O::template Value<T> values[w];
#pragma unroll
    for (int j = 0; j < w; j++) values[j] = O::template identity<T>();
    for (int i = lane; i < n; i += w * lanes)
    {
#pragma unroll
        for (int j = 0; j < w; j++)
        {
            int at = i + j * lanes;
            if (at < n) values[j] = O::join(values[j], map(p[at * stride], at));
        }
    }
    return O::join(O::join(values[0], values[1]), O::join(values[2], values[3]));
}

template <class O, class T, class R> __device__ __forceinline__ void reduce(const T* x, const typename O::template Value<T>* parts, const T* shift,
    typename O::template Value<T>* partsOut, R* y, i64 outer, i64 length, i64 inner, int piece, i64 pieces, int lanes, double divisor)
{
    typedef typename O::template Value<T> Value;
    __shared__ Value room[256];
    // Along a row the lanes are neighbours, down columns the columns are.
    int across = blockDim.x / lanes;
    int lane = inner == 1 ? threadIdx.x & (lanes - 1) : threadIdx.x / across;
    i64 result = (i64)blockIdx.x * across + (inner == 1 ? threadIdx.x / lanes : threadIdx.x & (across - 1));
    bool exists = result < outer * pieces * inner;
    i64 column = inner == 1 ? 0 : result % inner, number = inner == 1 ? result : result / inner;
    i64 slice = pieces == 1 ? number : number / pieces, first = pieces == 1 ? 0 : number % pieces * piece;
    i64 from = (slice * length + first) * inner + column;
    int n = !exists ? 0 : (int)(length - first < piece ? length - first : piece);
    T s = shift != nullptr && exists ? O::shift(shift[slice * inner + column]) : (T)0;
    elements<O, T> element = {s, (i32)first};

    Value v;
    if (inner == 1)
    {
        v = parts == nullptr ? along_row<O, T>(x + from, n, lane, lanes, element) : along_row<O, T>(parts + from, n, lane, lanes, earlier<O, T>());
        for (int offset = lanes < 32 ? lanes / 2 : 16; offset > 0; offset /= 2) v = O::join(v, O::template exchange<T>(v, offset));
        if (lanes > 32)   // the block has one piece
        {
            if ((threadIdx.x & 31) == 0) room[threadIdx.x / 32] = v;
            __syncthreads();
            if (lane == 0)
                for (int warp = 1; warp < lanes / 32; warp++) v = O::join(v, room[warp]);
        }
    }
    else
    {
        v = parts == nullptr ? down_column<O, T>(x + from, inner, n, lane, lanes, element) : down_column<O, T>(parts + from, inner, n, lane, lanes, earlier<O, T>());
        for (int half = lanes / 2; half > 0; half /= 2)
        {
            room[threadIdx.x] = v;
            __syncthreads();
            if (lane < half) v = O::join(v, room[threadIdx.x + half * across]);
            __syncthreads();
        }
    }
    if (lane != 0 || !exists) return;
    if (partsOut != nullptr) partsOut[result] = v;
    else y[result] = O::finish(v, s, divisor);
}

#define REDUCTION(name, suffix, T, R) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* x, const fn_##name::Value<T>* parts, const T* shift, fn_##name::Value<T>* partsOut, R* y, \
        i64 outer, i64 length, i64 inner, int piece, i64 pieces, int lanes, double divisor) \
    { reduce<fn_##name, T, R>(x, parts, shift, partsOut, y, outer, length, inner, piece, pieces, lanes, divisor); }

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
FLOATING(variance)
FLOATING(standardDeviation)
FLOATING(logSumExp)
PLACES(argMax)
PLACES(argMin)
