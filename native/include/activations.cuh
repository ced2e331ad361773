// The activations, for elementwise kernels and for what other kernels do with their results before they store them.
//
//   y = fn_gelu::apply(x, attributes);   // float or double; attributes in the order of IUnary.Attributes, null where there are none
//
// Close to 0 and in the tails the relative error stays small; nothing overflows on the way; NaN stays NaN.
#pragma once
#include "ndl.cuh"

template <class T> __device__ __forceinline__ T ndl_sigmoid(T x)
{
    T e = exp(-fabs(x));
    return (x >= (T)0 ? (T)1 : e) / ((T)1 + e);
}

// x, and the limit where x is less, or brought into -limit ... limit: what multiplies a weight of 0 must be finite. NaN stays NaN.
template <class T> __device__ __forceinline__ T ndl_at_least(T x, T low) { return x < low ? low : x; }
template <class T> __device__ __forceinline__ T ndl_within(T x, T limit) { return x > limit ? limit : ndl_at_least(x, -limit); }

// The normal distribution function; by erfc, which does not cancel at negative x as 1 + erf would. What rounding took from
// z = -x/sqrt 2 comes back by the slope, erfc' ~ -2z erfc: it would count z^2 times.
template <class T> __device__ __forceinline__ T ndl_normal_distribution(T x)
{
    const T high = (T)-0.7071067811865476, low = sizeof(T) == 8 ? (T)4.833646656726457e-17 : (T)(-0.7071067811865476 - (double)high);
    T at = ndl_within(x, (T)40), z = ndl_mul(at, high), left = ndl_fma(at, low, ndl_fma(at, high, -z)), half = (T)0.5 * erfc(z);
    return z > (T)0 ? ndl_fma(half, (T)-2 * z * left, half) : half;
}

// sigmoid(2u), where gelu's approximation is x (1 + tanh u) / 2 with u = sqrt(2/pi) (x + 0.044715 x^3).
struct ndl_gelu_tanh
{
    // Beyond this the weight is 0 or 1.
    static constexpr double last = 32, a = 1.5957691216057308, b = a * 0.044715;

    template <class T> static __device__ __forceinline__ T twice(T x) { return x * ((T)a + (T)b * (x * x)); }
    template <class T> static __device__ __forceinline__ T weight(T x) { return ndl_sigmoid(twice(x)); }
};

struct fn_relu { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x <= (T)0 ? (T)0 : x; } };
struct fn_leaky_relu { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return x > (T)0 ? x : x * (T)a[0]; } };
struct fn_elu { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return x > (T)0 ? x : expm1(x) * (T)a[0]; } };
struct fn_sigmoid { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ndl_sigmoid(x); } };
struct fn_tanh { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return tanh(x); } };
struct fn_silu { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ndl_at_least(x, (T)-1000) * ndl_sigmoid(x); } };
struct fn_softplus { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return (x > (T)0 ? x : (T)0) + log1p(exp(-fabs(x))); }
    };
struct fn_gelu { template <class T> static __device__ __forceinline__
    T apply(T x, const double*) { return ndl_at_least(x, (T)-40) * ndl_normal_distribution(x); } };
struct fn_gelu_tanh { template <class T> static __device__ __forceinline__
    T apply(T x, const double*) { return ndl_at_least(x, (T)-ndl_gelu_tanh::last) * ndl_gelu_tanh::weight(x); } };
