// The scaled and the continuously differentiable exponential linear unit, and their gradients of x and dy. The layout is that of
// elementwise.cuh. celu's attribute is alpha. Moves each operand and the result once, about 20 FLOPs an element.
#include "elementwise.cuh"

// The exponentials are called, as NDL_CALLED says.
template <class T> static __device__ __noinline__ T ndl_exp(T x) { return exp(x); }
template <class T> static __device__ __noinline__ T ndl_expm1(T x) { return expm1(x); }

struct fn_selu
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double*)
    {
        return x > (T)0 ? x * (T)1.0507009873554805 : ndl_expm1(x) * (T)1.7580993408473766;
    }
};
struct fn_selu_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        return dy * (x > (T)0 ? (T)1.0507009873554805 : ndl_exp(x) * (T)1.7580993408473766);
    }
};
struct fn_celu
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return x > (T)0 ? x : ndl_expm1(x / (T)a[0]) * (T)a[0]; }
};
struct fn_celu_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double* a) { return x > (T)0 ? dy : dy * ndl_exp(x / (T)a[0]); }
};

NDL_UNARY_FLOATING(selu)
NDL_BINARY_FLOATING(selu_grad)
NDL_UNARY_FLOATING(celu)
NDL_BINARY_FLOATING(celu_grad)
