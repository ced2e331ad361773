// Activations that are straight pieces, and their gradients. The layout is that of elementwise.cuh.
// window_grad and hard_silu_grad look at what the activation kept and at dy; NaN stays NaN, and passes dy on.
// Moves each operand and the result once, 1 to 4 FLOPs an element.
#include "elementwise.cuh"

template <class T> __device__ __forceinline__ T ndl_limit(T x, T low, T high)
{
    x = x < low ? low : x;
    return x > high ? high : x;
}

struct fn_hard_tanh { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return ndl_limit(x, (T)a[0], (T)a[1]); } };
struct fn_relu6 { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ndl_limit(x, (T)0, (T)6); } };
NDL_CALLED(hard_sigmoid, ndl_limit(ndl_add(x / (T)6, (T)0.5), (T)0, (T)1))
struct fn_sparse_sigmoid
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ndl_limit(ndl_add(x * (T)0.5, (T)0.5), (T)0, (T)1); }
};

NDL_CALLED(hard_silu, x <= (T)-3 ? (T)0 : x > (T)3 ? x : x * ndl_add(x / (T)6, (T)0.5))
NDL_CALLED_BINARY(hard_silu_grad, a <= (T)-3 ? (T)0 : a > (T)3 ? b : b * ndl_add(a / (T)3, (T)0.5))

struct fn_window_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double* a) { return x <= (T)a[0] || x >= (T)a[1] ? (T)0 : dy * (T)a[2]; }
};

NDL_UNARY_FLOATING(hard_tanh)
NDL_UNARY_FLOATING(relu6)
NDL_UNARY_FLOATING(hard_sigmoid)
NDL_UNARY_FLOATING(sparse_sigmoid)
NDL_UNARY_FLOATING(hard_silu)
NDL_BINARY_FLOATING(hard_silu_grad)
NDL_BINARY_FLOATING(window_grad)
