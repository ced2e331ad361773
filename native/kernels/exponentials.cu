// Exponentials and logarithms, accurate near 0 where their names say so. The layout is that of elementwise.cuh.
// exp_difference  y = e^(a-b), and 0 where b is -inf
// Moves each operand and the result once, 10 to 30 FLOPs an element.
#include "elementwise.cuh"

// That of double is called, as NDL_CALLED says; that of float is too short.
static __device__ __noinline__ double ndl_called_exp(double x) { return exp(x); }
static __device__ __forceinline__ float ndl_called_exp(float x) { return exp(x); }
struct fn_exp { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ndl_called_exp(x); } };
NDL_CALLED(expm1, expm1(x))
NDL_CALLED(log, log(x))
NDL_CALLED(log1p, log1p(x))

struct fn_exp_difference
{
    template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*)
    {
        return b == (T)-__int_as_float(0x7f800000) ? (T)0 : ndl_called_exp(a - b);
    }
};

NDL_UNARY_FLOATING(exp)
NDL_UNARY_FLOATING(expm1)
NDL_UNARY_FLOATING(log)
NDL_UNARY_FLOATING(log1p)
NDL_BINARY_FLOATING(exp_difference)
