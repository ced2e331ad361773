// Softmax and log-softmax along the last axis, and their gradients. A block works on a row of n elements.
//
// softmax             y = e^(x-m) / sum e^(x-m), m the greatest element; a row of -inf alone gives 0
// softmaxGradient     dx = y (dy - sum dy y)
// logSoftmax          y = x - m - log sum e^(x-m); a row of -inf alone gives -inf
// logSoftmaxGradient  dx = dy - e^y sum dy
//
// Contiguous rows, aligned to the element; all overwrite. NaN anywhere in a row makes the row NaN.
// Reads x three times (twice from the cache), writes y once; about 20 FLOPs an element, 4 for softmaxGradient.
#include "reduce.cuh"

template <class T> __device__ __forceinline__ T row_max(const T* x, int n, T* room)
{
    T m = ndl_max::identity<T>();
    for (int i = threadIdx.x; i < n; i += blockDim.x) m = ndl_max::join(m, x[i]);
    m = ndl_block_reduce<ndl_max>(m, room);
    return m == ndl_max::identity<T>() ? (T)0 : m;   // nothing to take out of a row of -inf: -inf - -inf would be NaN
}

template <class T> __device__ __forceinline__ T row_weight(const T* x, int n, T m, T* room)
{
    T sum = (T)0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) sum += exp(x[i] - m);
    return ndl_block_reduce<ndl_sum>(sum, room);
}

template <class T> __device__ void softmax(const T* x, T* y, int n)
{
    __shared__ T room[32];
    x += (i64)blockIdx.x * n;
    y += (i64)blockIdx.x * n;
    T m = row_max(x, n, room), sum = row_weight(x, n, m, room);
    T factor = sum == (T)0 ? (T)1 : (T)1 / sum;
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = exp(x[i] - m) * factor;
}

template <class T> __device__ void log_softmax(const T* x, T* y, int n)
{
    __shared__ T room[32];
    x += (i64)blockIdx.x * n;
    y += (i64)blockIdx.x * n;
    T m = row_max(x, n, room), sum = row_weight(x, n, m, room);
    T all = sum == (T)0 ? (T)0 : log(sum);
    for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = (x[i] - m) - all;
}

template <class T> __device__ void softmax_gradient(const T* y, const T* dy, T* dx, int n)
{
    __shared__ T room[32];
    i64 row = (i64)blockIdx.x * n;
    T along = (T)0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) along += y[row + i] * dy[row + i];
    along = ndl_block_reduce<ndl_sum>(along, room);
    for (int i = threadIdx.x; i < n; i += blockDim.x) dx[row + i] = y[row + i] * (dy[row + i] - along);
}

template <class T> __device__ void log_softmax_gradient(const T* y, const T* dy, T* dx, int n)
{
    __shared__ T room[32];
    i64 row = (i64)blockIdx.x * n;
    T sum = (T)0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) sum += dy[row + i];
    sum = ndl_block_reduce<ndl_sum>(sum, room);
    for (int i = threadIdx.x; i < n; i += blockDim.x) dx[row + i] = dy[row + i] - exp(y[row + i]) * sum;
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) softmax_##suffix(const T* x, T* y, int n) { softmax(x, y, n); } \
    extern "C" __global__ void __launch_bounds__(256) softmaxGradient_##suffix(const T* y, const T* dy, T* dx, int n) { softmax_gradient(y, dy, dx, n); } \
    extern "C" __global__ void __launch_bounds__(256) logSoftmax_##suffix(const T* x, T* y, int n) { log_softmax(x, y, n); } \
    extern "C" __global__ void __launch_bounds__(256) logSoftmaxGradient_##suffix(const T* y, const T* dy, T* dx, int n) { log_softmax_gradient(y, dy, dx, n); }

KERNELS(f32, float)
KERNELS(f64, double)
