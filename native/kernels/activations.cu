// Activations and their gradients. The layout is that of elementwise.cuh.
// A gradient's operands are what the activation kept (its result y for relu, sigmoid and tanh, else its operand x) and dy.
// At a corner the derivative is that of the side below. Moves each operand and the result once, 1 to 50 FLOPs an element.
#include "activations.cuh"
#include "elementwise.cuh"

struct fn_relu_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return y <= (T)0 ? (T)0 : dy; } };
struct fn_leaky_relu_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double* a) { return x > (T)0 ? dy : dy * (T)a[0]; } };
struct fn_prelu { template <class T> static __device__ __forceinline__ T apply(T x, T alpha, const double*) { return x > (T)0 ? x : x * alpha; } };
struct fn_elu_grad { template <class T> static __device__ __forceinline__
    T apply(T x, T dy, const double* a) { return x > (T)0 ? dy : dy * (exp(x) * (T)a[0]); } };
struct fn_sigmoid_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return dy * (y * ((T)1 - y)); } };
struct fn_tanh_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return dy * ((T)1 - y * y); } };
struct fn_softplus_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*) { return dy * ndl_sigmoid(x); } };

struct fn_silu_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        T e = exp(-fabs(x)), larger = (T)1 / ((T)1 + e), smaller = e * larger;
        return dy * ((x < (T)0 ? smaller : larger) + ndl_within(x, (T)1000) * (smaller * larger));
    }
};

struct fn_gelu_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        T at = ndl_within(x, (T)40), square = ndl_mul(at, at), density = exp(square * (T)-0.5);
        density = ndl_fma(density, ndl_fma(at, at, -square) * (T)-0.5, density) * (T)0.3989422804014327;
        return dy * (ndl_normal_distribution(x) + at * density);
    }
};

struct fn_gelu_tanh_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        x = ndl_within(x, (T)ndl_gelu_tanh::last);
        T v = ndl_gelu_tanh::twice(x), slope = (T)ndl_gelu_tanh::a + (T)(3 * ndl_gelu_tanh::b) * (x * x);
        T e = exp(-fabs(v)), larger = (T)1 / ((T)1 + e), smaller = e * larger;
        return dy * ((v < (T)0 ? smaller : larger) + x * slope * (smaller * larger));
    }
};

NDL_UNARY_NUMBERS(relu)
NDL_UNARY_FLOATING(leaky_relu)
NDL_UNARY_FLOATING(elu)
NDL_UNARY_FLOATING(sigmoid)
NDL_UNARY_FLOATING(tanh)
NDL_UNARY_FLOATING(silu)
NDL_UNARY_FLOATING(softplus)
NDL_UNARY_FLOATING(gelu)
NDL_UNARY_FLOATING(gelu_tanh)
NDL_BINARY_FLOATING(relu_grad)
NDL_BINARY_FLOATING(leaky_relu_grad)
NDL_BINARY_FLOATING(prelu)
NDL_BINARY_FLOATING(elu_grad)
NDL_BINARY_FLOATING(sigmoid_grad)
NDL_BINARY_FLOATING(tanh_grad)
NDL_BINARY_FLOATING(softplus_grad)
NDL_BINARY_FLOATING(silu_grad)
NDL_BINARY_FLOATING(gelu_grad)
NDL_BINARY_FLOATING(gelu_tanh_grad)
