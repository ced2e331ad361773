// Smooth activations and mish's gradient of x and dy, and the step. The layout is that of elementwise.cuh.
// squareplus' attribute is b, the step's is its value at 0. Nothing overflows or cancels on the way; NaN stays NaN.
// Moves each operand and the result once, 3 to 40 FLOPs an element.
#include "activations.cuh"
#include "elementwise.cuh"

// tanh(log(1 + e^x)) = n/(n + rest) with n = e^x (e^x + 2); above 0 both times e^-2x. e is e^-|x|.
template <class T> struct ndl_mish
{
    T e, numerator, rest;

    __device__ __forceinline__ ndl_mish(T x) : e(exp(-fabs(x)))
    {
        numerator = x >= (T)0 ? (T)1 + (T)2 * e : e * (e + (T)2);
        rest = x >= (T)0 ? (T)2 * e * e : (T)2;
    }
};

template <class T> static __device__ __noinline__ T ndl_mish_of(T x)
{
    ndl_mish<T> m(x);
    return ndl_at_least(x, (T)-1000) * (m.numerator / (m.numerator + m.rest));
}

template <class T> static __device__ __noinline__ T ndl_mish_slope(T x)
{
    ndl_mish<T> m(x);
    T all = m.numerator + m.rest, slope = (T)4 * m.e * (x >= (T)0 ? m.e * ((T)1 + m.e) : m.e + (T)1) / (all * all);
    return m.numerator / all + ndl_within(x, (T)1000) * slope;
}

template <class T> static __device__ __forceinline__ T ndl_softsign(T x)
{
    T a = fabs(x);
    return copysign(a == (T)__int_as_float(0x7f800000) ? (T)1 : a / (a + (T)1), x);
}

NDL_CALLED(softsign, ndl_softsign(x))

template <class T> static __device__ __noinline__ T ndl_squareplus(T x, T b)
{
    T size = fabs(x), root = sqrt(ndl_add(ndl_mul(size, size), b));
    T r = ndl_add(size * (T)0.5, (root == (T)__int_as_float(0x7f800000) ? size : root) * (T)0.5);
    return x >= (T)0 ? r : b * (T)0.25 / r;
}

struct fn_squareplus { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return ndl_squareplus(x, (T)a[0]); } };

struct fn_sparse_plus
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double*)
    {
        T half = (x + (T)1) * (T)0.5;
        return x <= (T)-1 ? (T)0 : x >= (T)1 ? x : half * half;
    }
};

struct fn_step
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return x == (T)0 ? (T)a[0] : x > (T)0 ? (T)1 : x < (T)0 ? (T)0 : x; }
};
struct fn_mish_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*) { return dy * ndl_mish_slope(x); } };

NDL_CALLED(log_sigmoid, -((x < (T)0 ? -x : (T)0) + log1p(exp(-fabs(x)))))
NDL_CALLED(mish, ndl_mish_of(x))

NDL_UNARY_FLOATING(log_sigmoid)
NDL_UNARY_FLOATING(softsign)
NDL_UNARY_FLOATING(mish)
NDL_BINARY_FLOATING(mish_grad)
NDL_UNARY_FLOATING(squareplus)
NDL_UNARY_FLOATING(sparse_plus)
NDL_UNARY_FLOATING(step)
