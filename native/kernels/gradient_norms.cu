// Norms of gradients, and the factors that bring them under a limit. Which gradients, a table of update.cuh says.
//
// gradient_squares  partial[first + block] = the sum of g² over that block's piece, in float64
// clip_each         scales[tensor] = limit / norm where the norm of that gradient is above the limit, else 1
// clip_all          the same by the norm of all gradients together, elsewhere (null: 0) being the squares of other devices
//
// gradients are contiguous and aligned to the element; each is read once, 2 FLOPs an element. The norm of NaN is above no limit.
#include "reduce.cuh"
#include "update.cuh"

template <class T> __device__ __forceinline__ void gradient_squares(const ndl_update_table& t, double* partial, i64 first)
{
    __shared__ double room[32];
    int k = t.tensor_of(blockIdx.x);
    const T* g = (const T*)t.address[k * t.each + 1];
    i64 begin = (i64)((int)blockIdx.x - t.block[k]) * ndl_update_piece, end = min(begin + ndl_update_piece, t.count[k]);
    double sum = 0;
    for (i64 i = begin + threadIdx.x; i < end; i += blockDim.x) sum += (double)ndl_up(g[i]) * (double)ndl_up(g[i]);
    sum = ndl_block_reduce<ndl_sum>(sum, room);
    if (threadIdx.x == 0) partial[first + blockIdx.x] = sum;
}

// The factor that brings a norm whose squares stand in n pieces, and elsewhere, under the limit.
__device__ __forceinline__ double factor(const double* partial, i64 n, const double* elsewhere, double limit, double* room)
{
    double sum = 0;
    for (i64 i = threadIdx.x; i < n; i += blockDim.x) sum += partial[i];
    sum = ndl_block_reduce<ndl_sum>(sum, room);
    double norm = sqrt(elsewhere ? sum + *elsewhere : sum);
    return norm > limit ? limit / norm : 1.0;
}

extern "C" __global__ void __launch_bounds__(256) clip_each_f64(ndl_update_table t, const double* partial, i64 first, double* scales, double limit)
{
    __shared__ double room[32];
    int k = blockIdx.x;
    double scale = factor(partial + first + t.block[k], t.block[k + 1] - t.block[k], nullptr, limit, room);
    if (threadIdx.x == 0) scales[t.number[k]] = scale;
}

extern "C" __global__ void __launch_bounds__(256) clip_all_f64(const double* partial, i64 n, const double* elsewhere, double* scales, int tensors, double limit)
{
    __shared__ double room[32];
    double scale = factor(partial, n, elsewhere, limit, room);
    for (int i = threadIdx.x; i < tensors; i += blockDim.x) scales[i] = scale;
}

#define KERNEL(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) gradient_squares_##suffix(ndl_update_table t, double* partial, i64 first) \
    { gradient_squares<T>(t, partial, first); }

KERNEL(f32, float)
KERNEL(f64, double)
KERNEL(bf16, ndl_bf16)
KERNEL(f16, ndl_f16)
