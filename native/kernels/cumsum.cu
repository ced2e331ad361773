// Cumulative sums along the middle of a contiguous [outer, length, inner], from its start or, in reverse, from its end.
//
// Long sums go by pieces of `piece` elements: `starts` [outer, pieces, inner] are the cumulative sums of the pieces' sums,
// in the same direction, of which each piece takes the one before it; null if there is one piece.
// y is overwritten. Whole numbers wrap; a NaN goes on to all later sums. Along rows (inner 1) a block works on a piece,
// otherwise a thread on a column of it, so that neighbouring threads read neighbouring elements. The order of sums
// follows from the counts alone. Reads and writes each element once, 1 to 6 FLOPs an element.
#include "ndl.cuh"

// The sum over this thread and those before it in the block; `all` becomes the sum over the block.
template <class T> __device__ __forceinline__ T up_to_here(T v, T& all, T* room)
{
    int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
#pragma unroll
    for (int offset = 1; offset < 32; offset *= 2)
    {
        T before = __shfl_up_sync(0xffffffffu, v, offset);
        if (lane >= offset) v += before;
    }
    if (lane == 31) room[warp] = v;
    __syncthreads();
    T sum = (T)0, warps = (T)0;
    for (int k = 0; k < (int)blockDim.x / 32; k++)
    {
        if (k == warp) sum = warps;
        warps += room[k];
    }
    __syncthreads();
    all = warps;
    return warp == 0 ? v : sum + v;
}

template <class T> __device__ __forceinline__
    void cumsum(const T* x, const T* starts, T* y, i64 outer, i64 length, i64 inner, int piece, i64 pieces, int reverse)
{
    __shared__ T room[8];
    i64 result = inner == 1 ? blockIdx.x : ndl_index();
    if (result >= outer * pieces * inner) return;   // inner is the same for all: along rows no thread leaves
    i64 number = result / inner, column = result - number * inner;
    i64 slice = number / pieces, k = number - slice * pieces, first = k * piece;
    int n = (int)(length - first < piece ? length - first : piece);
    i64 from = (slice * length + first) * inner + column;
    bool begins = reverse ? k == pieces - 1 : k == 0;
    T sum = begins ? (T)0 : starts[result + (reverse ? inner : -inner)];
    if (inner == 1)
    {
        for (int base = 0; base < n; base += blockDim.x)
        {
            int i = base + threadIdx.x;
            i64 at = from + (reverse ? n - 1 - i : i);
            T all, here = up_to_here(i < n ? x[at] : (T)0, all, room);
            if (i < n) y[at] = sum + here;
            sum += all;
        }
        return;
    }
    for (int i = 0; i < n; i++)
    {
        i64 at = from + (i64)(reverse ? n - 1 - i : i) * inner;
        sum += x[at];
        y[at] = sum;
    }
}

#define KERNEL(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) cumsum_##suffix(const T* x, const T* starts, T* y, i64 outer, i64 length, i64 inner, int piece, \
        i64 pieces, int reverse) \
    { cumsum(x, starts, y, outer, length, inner, piece, pieces, reverse); }

KERNEL(f32, float)
KERNEL(f64, double)
KERNEL(i32, i32)
KERNEL(i64, i64)
