// Elementwise functions of one, two or three operands over any broadcasting and strides: a function is a struct with
// a template `apply`, and NDL_UNARY and its like make the kernels of it.
//
//   struct fn_square { template <class T> static __device__ T apply(T x, const double* a) { return x * x; } };
//   NDL_UNARY_FLOATING(square)        // square_f32, square_f64, and square_bf16, square_f16, for which T is float
//
// Every kernel is `name_type(operands..., y, n, walk, attributes)`.
// y        n elements, overwritten; may be strided (a copy into a view), never broadcast
// walk     merged dimensions, and for each operand and then y its strides in elements, 0 along a broadcast one
// a        the function's numbers, in the order of IUnary.Attributes
// Where neighbours of the last dimension stand side by side, or are one number, and rows begin at whole packs, up to 16 bytes
// are moved at a time; an element's bits do not depend on which way it went.
#pragma once
#include "ndl.cuh"

struct ndl_walk
{
    static const int most_rank = 12, most_operands = 4;
    int rank;
    i64 dims[most_rank];
    i64 strides[most_operands * most_rank];

    __device__ __forceinline__ i64 inner(int operand) const { return strides[operand * most_rank + rank - 1]; }
};

struct ndl_attributes
{
    double values[4];
};

// Where element i of the result stands in each of `count` operands. 32-bit division where it will do: it is several times faster.
template <int count> __device__ __forceinline__ void ndl_offsets(const ndl_walk& walk, i64 i, i64 n, i64* offsets)
{
#pragma unroll
    for (int k = 0; k < count; k++) offsets[k] = 0;
    if (walk.rank == 1)
    {
#pragma unroll
        for (int k = 0; k < count; k++) offsets[k] = i * walk.strides[k * ndl_walk::most_rank];
        return;
    }
    // Two dimensions without a loop, which would fetch sizes and strides one after another.
    if (walk.rank == 2 && n <= 0x7fffffff)
    {
        u32 row = (u32)i / (u32)walk.dims[1], column = (u32)i - row * (u32)walk.dims[1];
#pragma unroll
        for (int k = 0; k < count; k++) offsets[k] = row * walk.strides[k * ndl_walk::most_rank] + column * walk.strides[k * ndl_walk::most_rank + 1];
        return;
    }
    // What is left after the others is the first dimension's index.
#pragma unroll 1
    for (int d = walk.rank - 1; d >= 0; d--)
    {
        i64 index = i;
        if (d > 0 && n <= 0x7fffffff)
        {
            u32 whole = (u32)i / (u32)walk.dims[d];
            index = (u32)i - whole * (u32)walk.dims[d];
            i = whole;
        }
        else if (d > 0)
        {
            index = i % walk.dims[d];
            i /= walk.dims[d];
        }
#pragma unroll
        for (int k = 0; k < count; k++) offsets[k] += index * walk.strides[k * ndl_walk::most_rank + d];
    }
}

// Neighbours that are moved at a time, 16 bytes unless told otherwise.
template <class T, int count = 16 / (int)sizeof(T)> struct alignas(sizeof(T) * count) ndl_pack
{
    static const int size = count;
    T items[count];
};

// How many elements are moved at a time: 16 bytes of the wider of operand and result.
template <class T, class R> constexpr int ndl_width = 16 / (sizeof(T) > sizeof(R) ? sizeof(T) : sizeof(R));

// The same for functions: of half-precision numbers half as many, or their code would be twice that of float.
template <class T, class R> constexpr int ndl_function_width =
    sizeof(ndl_compute<T>) != sizeof(T) || sizeof(ndl_compute<R>) != sizeof(R) ? 4 / (sizeof(T) > 4 || sizeof(R) > 4 ? 2 : 1) : ndl_width<T, R>;

template <int count, class T> __device__ __forceinline__ bool ndl_is_aligned(const T* p) { return ((u64)p & (sizeof(T) * count - 1)) == 0; }

template <class T> __device__ __forceinline__ bool ndl_is_aligned16(const T* p) { return ((u64)p & 15) == 0; }

// Whether an operand can be moved by packs of neighbours in the last dimension: they stand side by side, every row of them at
// a whole pack, or are one number. The walk's last dimension must be whole packs too, or its only one.
template <int count, class T> __device__ __forceinline__ bool ndl_is_packed(const T* p, const ndl_walk& walk, int operand)
{
    if (walk.inner(operand) == 0) return true;
    if (walk.inner(operand) != 1 || !ndl_is_aligned<count>(p)) return false;
#pragma unroll 1
    for (int d = 0; d < walk.rank - 1; d++)
        if (walk.strides[operand * ndl_walk::most_rank + d] % count != 0) return false;
    return true;
}

template <int count> __device__ __forceinline__ bool ndl_has_packs(const ndl_walk& walk)
{ return walk.rank == 1 || (walk.rank > 1 && walk.dims[walk.rank - 1] % count == 0); }

// The pack at p, or one number `count` times.
template <int count, class T> __device__ __forceinline__ ndl_pack<T, count> ndl_load_pack(const T* p, i64 stride)
{
    if (stride == 1) return *reinterpret_cast<const ndl_pack<T, count>*>(p);
    ndl_pack<T, count> same;
#pragma unroll
    for (int j = 0; j < count; j++) same.items[j] = *p;
    return same;
}

// Packs go one ahead: while one is worked on, the thread's next is on its way. The loops are not unrolled: a function's body
// stands in them once for each element of a pack.
template <class F, class T, class R> __device__ __forceinline__ void ndl_unary(const T* x, R* y, i64 n, const ndl_walk& walk, const ndl_attributes& a)
{
    constexpr int w = ndl_function_width<T, R>;
    i64 at[2], first = ndl_index(), step = ndl_stride();
    if (ndl_has_packs<w>(walk) && walk.inner(1) == 1 && ndl_is_packed<w>(x, walk, 0) && ndl_is_packed<w>(y, walk, 1))
    {
        i64 i = first * w, from = walk.inner(0);
        ndl_pack<T, w> next;
        if (i <= n - w)
        {
            ndl_offsets<2>(walk, i, n, at);
            next = ndl_load_pack<w>(x + at[0], from);
        }
#pragma unroll 1
        while (i <= n - w)
        {
            ndl_pack<T, w> u = next;
            R* to = y + at[1];
            i += step * w;
            if (i <= n - w)
            {
                ndl_offsets<2>(walk, i, n, at);
                next = ndl_load_pack<w>(x + at[0], from);
            }
            ndl_pack<R, w> v;
#pragma unroll
            for (int j = 0; j < w; j++) v.items[j] = ndl_down<R>(F::template apply<ndl_compute<T>>(ndl_up(u.items[j]), a.values));
            *reinterpret_cast<ndl_pack<R, w>*>(to) = v;
        }
        first += n / w * w;
    }
#pragma unroll 1
    for (i64 i = first; i < n; i += step)
    {
        ndl_offsets<2>(walk, i, n, at);
        y[at[1]] = ndl_down<R>(F::template apply<ndl_compute<T>>(ndl_up(x[at[0]]), a.values));
    }
}

template <class F, class T, class R> __device__ __forceinline__
    void ndl_binary(const T* x, const T* z, R* y, i64 n, const ndl_walk& walk, const ndl_attributes& a)
{
    constexpr int w = ndl_function_width<T, R>;
    i64 at[3], first = ndl_index(), step = ndl_stride();
    if (ndl_has_packs<w>(walk) && walk.inner(2) == 1 && ndl_is_packed<w>(x, walk, 0) && ndl_is_packed<w>(z, walk, 1) && ndl_is_packed<w>(y, walk, 2))
    {
        i64 i = first * w, from_x = walk.inner(0), from_z = walk.inner(1);
        ndl_pack<T, w> next_u, next_v;
        if (i <= n - w)
        {
            ndl_offsets<3>(walk, i, n, at);
            next_u = ndl_load_pack<w>(x + at[0], from_x);
            next_v = ndl_load_pack<w>(z + at[1], from_z);
        }
#pragma unroll 1
        while (i <= n - w)
        {
            ndl_pack<T, w> u = next_u, v = next_v;
            R* to = y + at[2];
            i += step * w;
            if (i <= n - w)
            {
                ndl_offsets<3>(walk, i, n, at);
                next_u = ndl_load_pack<w>(x + at[0], from_x);
                next_v = ndl_load_pack<w>(z + at[1], from_z);
            }
            ndl_pack<R, w> r;
#pragma unroll
            for (int j = 0; j < w; j++) r.items[j] = ndl_down<R>(F::template apply<ndl_compute<T>>(ndl_up(u.items[j]), ndl_up(v.items[j]), a.values));
            *reinterpret_cast<ndl_pack<R, w>*>(to) = r;
        }
        first += n / w * w;
    }
#pragma unroll 1
    for (i64 i = first; i < n; i += step)
    {
        ndl_offsets<3>(walk, i, n, at);
        y[at[2]] = ndl_down<R>(F::template apply<ndl_compute<T>>(ndl_up(x[at[0]]), ndl_up(z[at[1]]), a.values));
    }
}

#define NDL_UNARY(name, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* x, T* y, i64 n, ndl_walk walk, ndl_attributes a) \
    { ndl_unary<fn_##name, T, T>(x, y, n, walk, a); }

#define NDL_BINARY(name, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* x, const T* z, T* y, i64 n, ndl_walk walk, ndl_attributes a) \
    { ndl_binary<fn_##name, T, T>(x, z, y, n, walk, a); }

#define NDL_COMPARISON(name, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* x, const T* z, u8* y, i64 n, ndl_walk walk, ndl_attributes a) \
    { ndl_binary<fn_##name, T, u8>(x, z, y, n, walk, a); }

#define NDL_UNARY_FLOATING(name) NDL_UNARY(name, f32, float) NDL_UNARY(name, f64, double) NDL_UNARY(name, bf16, ndl_bf16) NDL_UNARY(name, f16, ndl_f16)
#define NDL_UNARY_NUMBERS(name) NDL_UNARY_FLOATING(name) NDL_UNARY(name, i32, i32) NDL_UNARY(name, i64, i64)
#define NDL_BINARY_FLOATING(name) NDL_BINARY(name, f32, float) NDL_BINARY(name, f64, double) NDL_BINARY(name, bf16, ndl_bf16) NDL_BINARY(name, f16, ndl_f16)
#define NDL_BINARY_NUMBERS(name) NDL_BINARY_FLOATING(name) NDL_BINARY(name, i32, i32) NDL_BINARY(name, i64, i64)
#define NDL_COMPARISON_NUMBERS(name) \
    NDL_COMPARISON(name, f32, float) NDL_COMPARISON(name, f64, double) NDL_COMPARISON(name, bf16, ndl_bf16) NDL_COMPARISON(name, f16, ndl_f16) \
    NDL_COMPARISON(name, i32, i32) NDL_COMPARISON(name, i64, i64)

// A function as an expression of x that is called, not expanded in place: kernels of packs would hold up to nine copies of it,
// and those of half precision share the one for float. For what takes dozens of instructions, beside which a call counts for little.
//
//   NDL_CALLED(exp2, exp2(x))
//   NDL_UNARY_FLOATING(exp2)
#define NDL_CALLED(name, expression) \
    template <class T> static __device__ __noinline__ T ndl_called_##name(T x) { return expression; } \
    struct fn_##name { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ndl_called_##name(x); } };

// The same of two operands, a and b.
#define NDL_CALLED_BINARY(name, expression) \
    template <class T> static __device__ __noinline__ T ndl_called_##name(T a, T b) { return expression; } \
    struct fn_##name { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return ndl_called_##name(a, b); } };
