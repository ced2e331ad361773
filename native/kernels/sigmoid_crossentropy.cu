// Cross-entropy of single probabilities sigmoid(x) from their logits x and targets t, with broadcasting.
//
// sigmoid_crossentropy       y = max(x, 0) - x t + log(1 + e^-|x|)
// sigmoid_crossentropy_grad  y = sigmoid(x) - t, the derivative by x; above 0 as (1 - t) - sigmoid(-x), which loses nothing
//
// The layout is that of elementwise.cuh. NaN propagates. Moves each operand and the result once, 40 and 20 FLOPs an element.
#include "activations.cuh"
#include "elementwise.cuh"

struct fn_sigmoid_crossentropy
{
    template <class T> static __device__ __forceinline__ T apply(T x, T t, const double*)
    {
        return ndl_add(x > (T)0 ? x : (T)0, -ndl_mul(x, t)) + log1p(exp(-fabs(x)));
    }
};

struct fn_sigmoid_crossentropy_grad
{
    template <class T> static __device__ __forceinline__ T apply(T x, T t, const double*)
    {
        T smaller = ndl_sigmoid(-fabs(x));
        return x > (T)0 ? (T)1 - t - smaller : smaller - t;
    }
};

NDL_BINARY_FLOATING(sigmoid_crossentropy)
NDL_BINARY_FLOATING(sigmoid_crossentropy_grad)
