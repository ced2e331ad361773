// A bitonic network over pairs: a word to sort by in the upper half, a number in the lower one, so that no two are equal and
// what has equal words stays in the order of its numbers. Lists are padded with `ndl_nowhere` to a power of two; a block sorts
// `ndl_span` pairs by itself, what is longer goes on with sort_exchange and sort_merge of sorting.cu.
#pragma once
#include "ndl.cuh"

constexpr u64 ndl_nowhere = ~0ULL;
constexpr int ndl_span = 1024;

__device__ __forceinline__ void ndl_exchange(u64* keys, u32 first, u32 second, bool rises)
{
    u64 a = keys[first], b = keys[second];
    if ((a > b) != rises) return;
    keys[first] = b;
    keys[second] = a;
}

// Exchanges at the distances from, from / 2 … 1 within the n keys of the block; `begin` is where they stand in the list. Runs of
// `length` rise and fall in turn; all rise where it is 0.
__device__ __forceinline__ void ndl_merge(u64* keys, u32 n, u32 begin, u32 length, u32 from)
{
    for (u32 distance = from; distance > 0; distance >>= 1)
    {
        __syncthreads();
        for (u32 i = threadIdx.x; i < n / 2; i += blockDim.x)
        {
            u32 first = 2 * i - (i & (distance - 1));
            ndl_exchange(keys, first, first + distance, ((begin + first) & length) == 0);
        }
    }
}
