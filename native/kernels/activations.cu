// Activations and their gradients. The layout is that of elementwise.cuh.
// A gradient's operands are what the activation kept (its result y for relu, elu, sigmoid and tanh, else its operand x) and dy.
// At a corner the derivative is that of the side below. Moves each operand and the result once, 1 to 50 FLOPs an element.
#include "activations.cuh"
#include "elementwise.cuh"

struct fn_relu_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return y <= (T)0 ? (T)0 : dy; } };
struct fn_leaky_relu_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double* a) { return x > (T)0 ? dy : dy * (T)a[0]; } };
struct fn_prelu { template <class T> static __device__ __forceinline__ T apply(T x, T alpha, const double*) { return x > (T)0 ? x : x * alpha; } };
struct fn_elu_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double* a) { return y > (T)0 ? dy : dy * (y + (T)a[0]); } };
struct fn_sigmoid_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return dy * (y * ((T)1 - y)); } };
struct fn_tanh_grad { template <class T> static __device__ __forceinline__ T apply(T y, T dy, const double*) { return dy * ((T)1 - y * y); } };
struct fn_softplus_grad { template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*) { return dy * ndl_sigmoid(x); } };

struct fn_silu_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        T s = ndl_sigmoid(x);
        return dy * (s + s * (x * ((T)1 - s)));
    }
};

struct fn_gelu_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        T density = exp(x * x * (T)-0.5) * (T)0.3989422804014327;
        return dy * (ndl_normal_distribution(x) + x * density);
    }
};

struct fn_gelu_tanh_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T dy, const double*)
    {
        T s = ndl_gelu_tanh::weight(x), slope = (T)ndl_gelu_tanh::a + (T)(3 * ndl_gelu_tanh::b) * (x * x);
        return dy * (s + x * slope * (s * ((T)1 - s)));
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
