// Activations and their gradients. The layout is that of elementwise.cuh.
// A gradient's operands are what the activation kept (its result y for relu, sigmoid and tanh, else its operand x) and dy.
// At a corner the derivative is that of the side below. Moves each operand and the result once, 1 to 50 FLOPs an element.
#include "activations.cuh"
#include "elementwise.cuh"

// The kernel of a long function that products have inlined: here it is called, as NDL_CALLED says.
template <class Fn> struct ndl_called
{
    template <class T> static __device__ __noinline__ T called(T x) { return Fn::apply(x, (const double*)0); }
    template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return called(x); }
};

#define NDL_CALLED_UNARY(name, suffix, T, fn) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* x, T* y, i64 n, ndl_walk walk, ndl_attributes a) \
    { ndl_unary<fn, T, T>(x, y, n, walk, a); }
#define NDL_CALLED_FLOATING(name, ...) \
    NDL_CALLED_UNARY(name, f32, float, __VA_ARGS__) NDL_CALLED_UNARY(name, f64, double, __VA_ARGS__) \
    NDL_CALLED_UNARY(name, bf16, ndl_bf16, __VA_ARGS__) NDL_CALLED_UNARY(name, f16, ndl_f16, __VA_ARGS__)

struct fn_relu_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return y <= (T)0 ? (T)0 : dy; } };
struct fn_leaky_relu_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double* a) { return x > (T)0 ? dy : dy * (T)a[0]; } };
struct fn_prelu { template <class T> static __device__ __forceinline__ T apply(T x, T alpha, const double*) { return x > (T)0 ? x : x * alpha; } };
template <class T> static __device__ __noinline__ T ndl_expm1(T x) { return expm1(x); }
template <class T> static __device__ __noinline__ T ndl_exp(T x) { return exp(x); }
struct fn_elu_called { template <class T> static __device__ __forceinline__
    T apply(T x, const double* a) { return x > (T)0 ? x : ndl_expm1(x) * (T)a[0]; } };
struct fn_elu_grad { template <class T> static __device__ __forceinline__
    T apply(T x, T dy, const double* a) { return x > (T)0 ? dy : dy * (ndl_exp(x) * (T)a[0]); } };
struct fn_sigmoid_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return dy * (y * ((T)1 - y)); } };
struct fn_tanh_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return dy * ((T)1 - y * y); } };
struct fn_softplus_grad { template <class T> static __device__ __forceinline__
    T apply(T x, T dy, const double*) { return dy * ndl_called<fn_sigmoid>::called(x); } };

template <class T> static __device__ __forceinline__ T ndl_silu_grad_of(T x, T dy)
{
    T e = exp(-fabs(x)), larger = (T)1 / ((T)1 + e), smaller = e * larger;
    return dy * ((x < (T)0 ? smaller : larger) + ndl_within(x, (T)1000) * (smaller * larger));
}

NDL_CALLED_BINARY(silu_grad, ndl_silu_grad_of(a, b))

template <class T> static __device__ __forceinline__ T ndl_gelu_grad_of(T x, T dy)
{
    T at = ndl_within(x, (T)40), square = ndl_mul(at, at), density = exp(square * (T)-0.5);
    density = ndl_fma(density, ndl_fma(at, at, -square) * (T)-0.5, density) * (T)0.3989422804014327;
    return dy * (ndl_normal_distribution(x) + at * density);
}

NDL_CALLED_BINARY(gelu_grad, ndl_gelu_grad_of(a, b))

template <class T> static __device__ __forceinline__ T ndl_gelu_tanh_grad_of(T x, T dy)
{
    x = ndl_within(x, (T)ndl_gelu_tanh::last);
    T v = ndl_gelu_tanh::twice(x), slope = (T)ndl_gelu_tanh::a + (T)(3 * ndl_gelu_tanh::b) * (x * x);
    T e = exp(-fabs(v)), larger = (T)1 / ((T)1 + e), smaller = e * larger;
    return dy * ((v < (T)0 ? smaller : larger) + x * slope * (smaller * larger));
}

NDL_CALLED_BINARY(gelu_tanh_grad, ndl_gelu_tanh_grad_of(a, b))

NDL_UNARY_NUMBERS(relu)
NDL_UNARY_FLOATING(leaky_relu)
NDL_CALLED_FLOATING(elu, fn_elu_called)
NDL_CALLED_FLOATING(sigmoid, ndl_called<fn_sigmoid>)
NDL_CALLED_FLOATING(tanh, ndl_called<fn_tanh>)
NDL_CALLED_FLOATING(silu, ndl_called<fn_silu>)
NDL_CALLED_FLOATING(softplus, ndl_called<fn_softplus>)
NDL_CALLED_FLOATING(gelu, ndl_called<fn_gelu>)
NDL_CALLED_FLOATING(gelu_tanh, ndl_called<fn_gelu_tanh>)
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
