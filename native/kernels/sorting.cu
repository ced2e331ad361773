// Order along rows of a contiguous [rows, n]. What is sorted and searched are keys: whole numbers that stand to each other as the
// elements do, made by order_key once. Equal elements keep their order; -0 equals +0, NaN follows every number and equals NaN.
//
// order_key       key[i] = the key of x[i], turned over where the order falls; of 32-bit elements within 32 bits
// argsort         the pairs (32 bits of a key from `shift` on, number in its row) of each row, padded to a power of two, each
//                 block's `span` of them sorted; through `order` [rows, n] where that is given, which sorts by the upper half
//                 of 64-bit keys what is sorted by the lower half
// sort_exchange   one step of merging runs of pairs into runs of `length`, at a distance beyond a block's reach
// sort_merge      the rest of those steps, within blocks
// argsort_places  the numbers of sorted pairs, as places in the row
// search_sorted   y[r, i] = how many of the n sorted keys of row r are less than key i of the row's m (right: or equal)
//
// All overwrite. Reads and writes 16 bytes a pair for each of the log² steps, 1 comparison each; a search is log n reads.
#include "bitonic.cuh"
#include "lanes.cuh"

__device__ __forceinline__ u64 order_key(float x)
{
    if (x != x) return 0xffffffffu;
    u32 bits = __float_as_uint(x == 0.0f ? 0.0f : x);
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}
__device__ __forceinline__ u64 order_key(double x)
{
    if (x != x) return ~0ULL;
    u64 bits = (u64)__double_as_longlong(x == 0.0 ? 0.0 : x);
    return (bits >> 63) != 0 ? ~bits : bits | 1ULL << 63;
}
__device__ __forceinline__ u64 order_key(i32 x) { return (u32)x ^ 0x80000000u; }
__device__ __forceinline__ u64 order_key(i64 x) { return (u64)x ^ 1ULL << 63; }

#define ORDER_KEY(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) order_key_##suffix(const T* x, u64* keys, i64 n, u64 turned) \
    { \
        for (i64 i = ndl_index(); i < n; i += ndl_stride()) keys[i] = order_key(x[i]) ^ turned; \
    }

ORDER_KEY(f32, float)
ORDER_KEY(f64, double)
ORDER_KEY(i32, i32)
ORDER_KEY(i64, i64)

extern "C" __global__ void __launch_bounds__(256) argsort_i64(const u64* keys, const i32* order, u64* pairs, int n, u32 padded, u32 span, int shift)
{
    __shared__ u64 own[ndl_span];
    i64 begin = (i64)blockIdx.x * span, row = begin / padded;
    u32 within = (u32)(begin - row * padded);
    for (u32 i = threadIdx.x; i < span; i += blockDim.x)
    {
        u32 number = within + i;
        u64 pair = ndl_nowhere;
        if (number < (u32)n) pair = (keys[row * n + (order != nullptr ? (u32)order[row * n + number] : number)] >> shift & 0xffffffffu) << 32 | number;
        own[i] = pair;
    }
    for (u32 length = 2; length <= span; length <<= 1) ndl_merge(own, span, within, length == padded ? 0 : length, length / 2);
    __syncthreads();
    for (u32 i = threadIdx.x; i < span; i += blockDim.x) pairs[begin + i] = own[i];
}

extern "C" __global__ void __launch_bounds__(256) sort_exchange_i64(u64* pairs, u32 count, u32 length, u32 distance)
{
    for (u32 i = (u32)ndl_index(); i < count; i += (u32)ndl_stride())
    {
        u32 first = 2 * i - (i & (distance - 1));
        ndl_exchange(pairs, first, first + distance, (first & length) == 0);
    }
}

extern "C" __global__ void __launch_bounds__(256) sort_merge_i64(u64* pairs, u32 length)
{
    __shared__ u64 own[ndl_span];
    u32 begin = blockIdx.x * (u32)ndl_span;
    for (u32 i = threadIdx.x; i < (u32)ndl_span; i += blockDim.x) own[i] = pairs[begin + i];
    ndl_merge(own, ndl_span, begin, length, ndl_span / 2);
    __syncthreads();
    for (u32 i = threadIdx.x; i < (u32)ndl_span; i += blockDim.x) pairs[begin + i] = own[i];
}

extern "C" __global__ void __launch_bounds__(256) argsort_places_i32(const u64* pairs, const i32* order, i32* places, i64 rows, int n, u32 padded)
{
    for (i64 i = ndl_index(); i < rows * n; i += ndl_stride())
    {
        ndl_quotient at = ndl_divide(i, n);
        u32 number = (u32)pairs[at.whole * padded + at.rest];
        places[i] = order != nullptr ? order[at.whole * n + number] : (i32)number;
    }
}

extern "C" __global__ void __launch_bounds__(256) search_sorted_i64(const u64* sorted, const u64* keys, i32* y, i64 rows, int n, i64 m, int right)
{
    for (i64 i = ndl_index(); i < rows * m; i += ndl_stride())
    {
        const u64* row = sorted + ndl_divide(i, m).whole * n;
        u64 key = keys[i];
        int low = 0, high = n;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (row[middle] < key || (right && row[middle] == key)) low = middle + 1;
            else high = middle;
        }
        y[i] = low;
    }
}
