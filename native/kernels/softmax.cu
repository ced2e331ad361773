// Softmax and log-softmax along the last axis, and their gradients, of `rows` rows of n elements.
//
// softmax           y = e^(x-m) / sum e^(x-m), m the greatest element; a row of -inf alone gives 0
// softmax_grad      dx = y (dy - sum dy y)
// log_softmax       y = x - m - log sum e^(x-m); a row of -inf alone gives -inf
// log_softmax_grad  dx = dy - e^y sum dy
//
// Contiguous rows, aligned to the element; all overwrite. NaN or +inf in a row makes the row NaN.
// Reads each operand once (rows of more than 128 bytes a thread two or three times), writes once;
// about 20 FLOPs an element, 4 for softmax_grad.
#include "softmax.cuh"

template <class T> __device__ __forceinline__ void softmax(const ndl_place& my, const T* x, T* y)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my);
    ndl_weights<T> all = ndl_row_weights(row, room);
    T m = all.m, sum = all.sum, factor = sum == (T)0 ? (T)1 : (T)1 / sum;
    row.write(y, [&](int i, u32) { return ndl_row_exp(row.items[i] - m) * factor; });
}

template <class T> __device__ __forceinline__ void log_softmax(const ndl_place& my, const T* x, T* y)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my);
    ndl_weights<T> weights = ndl_row_weights(row, room);
    T m = weights.m, all = ndl_log_weight(row, weights, room);
    if (all == -ndl_min::identity<T>()) all = (T)0;
    row.write(y, [&](int i, u32) { return (row.items[i] - m) - all; });
}

template <class T> __device__ __forceinline__ void softmax_grad(const ndl_place& my, const T* y, const T* dy, T* dx)
{
    __shared__ T room[32];
    ndl_row<T> a(y, my), b(dy, my);
    T along = a.template reduce<ndl_sum>(room, [&](int i, u32) { return a.items[i] * b.items[i]; }, b);
    a.write(dx, [&](int i, u32) { return a.items[i] * (b.items[i] - along); }, b);
}

template <class T> __device__ __forceinline__ void log_softmax_grad(const ndl_place& my, const T* y, const T* dy, T* dx)
{
    __shared__ T room[32];
    ndl_row<T> a(y, my), b(dy, my);
    T sum = b.template reduce<ndl_sum>(room, [&](int i, u32) { return b.items[i]; });
    a.write(dx, [&](int i, u32) { return b.items[i] - ndl_row_exp(a.items[i]) * sum; }, b);
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) softmax_##suffix(i64 rows, int n, int lanes, const T* x, T* y) \
    { softmax(ndl_place(rows, n, lanes), x, y); } \
    extern "C" __global__ void __launch_bounds__(256) softmax_grad_##suffix(i64 rows, int n, int lanes, const T* y, const T* dy, T* dx) \
    { softmax_grad(ndl_place(rows, n, lanes), y, dy, dx); } \
    extern "C" __global__ void __launch_bounds__(256) log_softmax_##suffix(i64 rows, int n, int lanes, const T* x, T* y) \
    { log_softmax(ndl_place(rows, n, lanes), x, y); } \
    extern "C" __global__ void __launch_bounds__(256) log_softmax_grad_##suffix(i64 rows, int n, int lanes, const T* y, const T* dy, T* dx) \
    { log_softmax_grad(ndl_place(rows, n, lanes), y, dy, dx); }

KERNELS(f32, float)
KERNELS(f64, double)
