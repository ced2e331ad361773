// The nearest probabilities to each row of a contiguous [rows, n]: max(x - tau, 0) with the tau for which they sum to 1. y is overwritten.
// A block works on a row: tau by Michelot's steps from below, each a pass over the row, usually fewer than ten. Where all are -inf
// the result is 0, where one is +inf or NaN it is NaN. Reads each element once a step, writes it once.
#include "reduce.cuh"

template <class T> __device__ __forceinline__ void sparsemax(const T* x, T* y, i64 rows, int n)
{
    __shared__ T room[32];
    for (i64 row = blockIdx.x; row < rows; row += gridDim.x)
    {
        const T* from = x + row * n;
        T max = ndl_max::identity<T>();
        for (int i = threadIdx.x; i < n; i += blockDim.x) max = ndl_max::join(max, from[i]);
        max = ndl_block_reduce<ndl_max>(max, room);
        bool none = max == ndl_max::identity<T>(), wrong = !(max - max == (T)0);
        T tau = (T)-1, held = (T)0;
        while (!wrong)
        {
            T sum = (T)0, count = (T)0;
            for (int i = threadIdx.x; i < n; i += blockDim.x)
            {
                T v = from[i] - max;
                if (!(v > tau)) continue;
                sum += v;
                count += (T)1;
            }
            sum = ndl_block_reduce<ndl_sum>(sum, room);
            count = ndl_block_reduce<ndl_sum>(count, room);
            if (count == held || count == (T)0) break;
            held = count;
            tau = (sum - (T)1) / count;
        }
        for (int i = threadIdx.x; i < n; i += blockDim.x)
        {
            T above = from[i] - max - tau;
            y[row * n + i] = none ? (T)0 : wrong ? max - max : above <= (T)0 ? (T)0 : above;
        }
        __syncthreads();
    }
}

#define KERNEL(suffix, T) \
    extern "C" __global__ void __launch_bounds__(128) sparsemax_##suffix(const T* x, T* y, i64 rows, int n) { sparsemax(x, y, rows, n); }

KERNEL(f32, float)
KERNEL(f64, double)
