// Activations that bring x nearer to 0, their gradient, and the threshold. The layout is that of elementwise.cuh.
// NaN stays NaN, and passes dy on. Moves each operand and the result once, 1 FLOP an element; tanh_shrink 30.
#include "elementwise.cuh"

struct fn_hard_shrink { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return fabs(x) <= (T)a[0] ? (T)0 : x; } };
struct fn_soft_shrink
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double* a)
    {
        return fabs(x) <= (T)a[0] ? (T)0 : x < (T)0 ? x + (T)a[0] : x - (T)a[0];
    }
};
struct fn_shrink_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double* a) { return fabs(x) <= (T)a[0] ? (T)0 : dy; } };
struct fn_threshold { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return x <= (T)a[0] ? (T)a[1] : x; } };

// x - tanh(x); below 0.6, where it cancels, x^3 P(x^2).
template <class T> static __device__ __noinline__ T ndl_tanh_shrink(T x)
{
    if (!(fabs(x) < (T)0.6)) return x - tanh(x);
    double v = x, z = v * v, p = 2.622223992400292e-06;
    p = ndl_fma(p, z, -1.2606082506230876e-05);
    p = ndl_fma(p, z, 3.7455026133315665e-05);
    p = ndl_fma(p, z, -9.624359847831813e-05);
    p = ndl_fma(p, z, 0.00023895888222457757);
    p = ndl_fma(p, z, -0.0005899975134262517);
    p = ndl_fma(p, z, 0.0014558307624244699);
    p = ndl_fma(p, z, -0.0035921277411351256);
    p = ndl_fma(p, z, 0.008863235514397341);
    p = ndl_fma(p, z, -0.02186948853566979);
    p = ndl_fma(p, z, 0.05396825396824606);
    p = ndl_fma(p, z, -0.13333333333333328);
    p = ndl_fma(p, z, 0.3333333333333333);
    return (T)(p * z * v);
}

NDL_CALLED(tanh_shrink, ndl_tanh_shrink(x))

NDL_UNARY_FLOATING(hard_shrink)
NDL_UNARY_FLOATING(soft_shrink)
NDL_UNARY_FLOATING(tanh_shrink)
NDL_UNARY_FLOATING(threshold)
NDL_BINARY_FLOATING(shrink_grad)
