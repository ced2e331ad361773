// Look-ups by index and their adjoint. Index numbers are checked here and ndl_nowhere else: one that is out of range reads
// and writes nothing, its row of a gather or a one-hot is NaN (0 for whole numbers), and a scatter leaves its row out.
//
// gather       y[o, i, c] = x[o, index[i], c]     x [outer, size, inner], y [outer, count, inner]
// one_hot      y[i, c] = 1 where c is label[i], else 0
// scatter_add  y[o, t, c] += the sum of x[o, i, c] over all i with index[i] = t, in an order that depends on the indices alone.
//              x [outer, count, inner], y [outer, size, inner] and 0 on entry
//
// Contiguous, aligned to the element; gather and one_hot overwrite. Moved are each result and what it is made of, once, and
// 8 bytes an index for each of the log² steps of the sort; scatter_add does 1 FLOP an element of x. NaN propagates.
//
// scatter_add sorts (index, number) pairs, so that what goes to one row stands together. The sorted list is cut into chunks:
// a thread adds up one column of a chunk. Rows that lie in one chunk are done with that; of those that go on in the next
// chunks each chunk leaves its part, and scatter_add_join adds the parts up. An index that is met very often costs no more
// than others.
#include "bitonic.cuh"
#include "missing.cuh"

template <class T, int w> __device__ void gather(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner)
{
    i64 columns = inner / w, n = outer * count * columns;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient row = ndl_divide(i, columns), at = ndl_divide(row.whole, count);
        u32 from = (u32)index[at.rest];
        ndl_store<T, w>(y + i * w, from < (u32)size ? ndl_load<T, w>(x + ((at.whole * size + from) * columns + row.rest) * w) : ndl_same<T, w>(missing<T>()));
    }
}

template <class T> __device__ __forceinline__ void gather_rows(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner)
{
    if (ndl_is_wide(x, inner) && ndl_is_wide(y, inner)) gather<T, 16 / sizeof(T)>(x, index, y, outer, size, count, inner);
    else gather<T, 1>(x, index, y, outer, size, count, inner);
}

template <class T> __device__ __forceinline__ void one_hot(const i32* label, T* y, i64 n, int depth)
{
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient at = ndl_divide(i, depth);
        i32 hot = label[at.whole];
        y[i] = (u32)hot < (u32)depth ? (T)(at.rest == hot) : missing<T>();
    }
}

// ---- the sort: pairs of target (upper half) and number --------------------

// Makes the pairs, padded with `ndl_nowhere` to a power of two, and sorts each block's n of them, upwards and downwards in turn.
extern "C" __global__ void __launch_bounds__(256) scatter_add_sort_i32(const i32* index, u64* keys, int count, int size, int n)
{
    __shared__ u64 own[ndl_span];
    u32 begin = blockIdx.x * (u32)n;
    for (u32 i = threadIdx.x; i < (u32)n; i += blockDim.x)
    {
        u32 number = begin + i, target = number < (u32)count ? (u32)index[number] : ~0u;
        own[i] = target < (u32)size ? (u64)target << 32 | number : ndl_nowhere;
    }
    for (u32 length = 2; length <= (u32)n; length <<= 1) ndl_merge(own, (u32)n, begin, length, length / 2);
    __syncthreads();
    for (u32 i = threadIdx.x; i < (u32)n; i += blockDim.x) keys[begin + i] = own[i];
}

// ---- the sums --------------------------------------------------------------------------------

constexpr int chunk = 32;

// The sorted list in chunks, and the places where a chunk leaves what its neighbours go on with: its first row where
// that began before the chunk, and its last row where that began within it and goes on.
template <class T> struct chunked
{
    const u64* keys;
    T* parts;   // [first or last, chunks, outer, inner]
    int count;
    i64 outer, inner;

    __device__ i64 chunks() const { return ((i64)count + chunk - 1) / chunk; }
    __device__ int begin(i64 c) const { return (int)(c * chunk); }
    __device__ int end(i64 c) const { return c + 1 < chunks() ? (int)(c + 1) * chunk : count; }
    __device__ u32 target(int k) const { return (u32)(keys[k] >> 32); }
    __device__ bool began_before(i64 c) const { return c > 0 && target(begin(c) - 1) == target(begin(c)); }
    __device__ bool goes_on(i64 c) const { return c + 1 < chunks() && target(end(c) - 1) == target(end(c)); }
    __device__ T* part(int which, i64 c, i64 o) const { return parts + ((which * chunks() + c) * outer + o) * inner; }
};

template <class T, int w> __device__ void scatter_add(const T* x, T* y, const chunked<T>& list, int size)
{
    i64 columns = list.inner / w, n = list.outer * list.chunks() * columns;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient row = ndl_divide(i, columns), at = ndl_divide(row.whole, list.outer);
        i64 c = at.whole, o = at.rest, column = row.rest * w;
        int begin = list.begin(c), end = list.end(c);
        bool before = list.began_before(c);
        u32 target = list.target(begin);
        ndl_lanes<T, w> sum = ndl_same<T, w>((T)0);
        const int ahead = 4;   // loads under way together
        for (int k = begin; k < end && target != ~0u; k += ahead)
        {
            u64 keys[ahead];
            ndl_lanes<T, w> rows[ahead];
#pragma unroll
            for (int j = 0; j < ahead; j++)
            {
                keys[j] = k + j < end ? list.keys[k + j] : ndl_nowhere;
                if (keys[j] != ndl_nowhere) rows[j] = ndl_load<T, w>(x + (o * list.count + (u32)keys[j]) * list.inner + column);
            }
#pragma unroll
            for (int j = 0; j < ahead; j++)
            {
                u32 next = (u32)(keys[j] >> 32);
                if (next != target)
                {
                    if (k + j >= end) break;
                    ndl_store<T, w>((before ? list.part(0, c, o) : y + (o * size + target) * list.inner) + column, sum);
                    sum = ndl_same<T, w>((T)0);
                    before = false;
                    target = next;
                    if (next == ~0u) break;
                }
                sum.add(rows[j]);
            }
        }
        if (target == ~0u) continue;
        ndl_store<T, w>((before ? list.part(0, c, o) : list.goes_on(c) ? list.part(1, c, o) : y + (o * size + target) * list.inner) + column, sum);
    }
}

template <class T, int w> __device__ void scatter_add_join(T* y, const chunked<T>& list, int size)
{
    i64 columns = list.inner / w, n = list.outer * list.chunks() * columns;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        ndl_quotient row = ndl_divide(i, columns), at = ndl_divide(row.whole, list.outer);
        i64 c = at.whole, o = at.rest, column = row.rest * w;
        u32 target = list.target(list.end(c) - 1);
        bool whole = list.began_before(c) && list.target(list.begin(c)) == target;
        if (target == ~0u || whole || !list.goes_on(c)) continue;
        ndl_lanes<T, w> sum = ndl_load<T, w>(list.part(1, c, o) + column);
        do
        {
            c++;
            sum.add(ndl_load<T, w>(list.part(0, c, o) + column));
        }
        while (list.goes_on(c) && list.target(list.end(c) - 1) == target);
        ndl_store<T, w>(y + (o * size + target) * list.inner + column, sum);
    }
}

#define GATHER(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) gather_##suffix(const T* x, const i32* index, T* y, i64 outer, int size, int count, i64 inner) \
    { gather_rows(x, index, y, outer, size, count, inner); }

#define KERNELS(suffix, T) GATHER(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) one_hot_##suffix(const i32* label, T* y, i64 n, int depth) { one_hot(label, y, n, depth); }

#define SUMS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) scatter_add_##suffix(const T* x, const u64* keys, T* parts, T* y, i64 outer, int size, int count, \
        i64 inner) \
    { \
        chunked<T> list = {keys, parts, count, outer, inner}; \
        if (ndl_is_wide(x, inner)) scatter_add<T, 16 / sizeof(T)>(x, y, list, size); \
        else scatter_add<T, 1>(x, y, list, size); \
    } \
    extern "C" __global__ void __launch_bounds__(256) scatter_add_join_##suffix(const u64* keys, T* parts, T* y, i64 outer, int size, int count, i64 inner) \
    { \
        chunked<T> list = {keys, parts, count, outer, inner}; \
        if (ndl_is_wide(y, inner)) scatter_add_join<T, 16 / sizeof(T)>(y, list, size); \
        else scatter_add_join<T, 1>(y, list, size); \
    }

KERNELS(f32, float)
KERNELS(f64, double)
KERNELS(i32, i32)
KERNELS(i64, i64)
KERNELS(b8, u8)
KERNELS(u8, u8)
GATHER(bf16, ndl_bf16)
GATHER(f16, ndl_f16)

SUMS(f32, float)
SUMS(f64, double)
