// Adam, with the corrections drawn into rate and ε: a = [r, e, β₁, 1 - β₁, β₂, 1 - β₂]: m = β₁·m + (1 - β₁)·g,
// v = β₂·v + (1 - β₂)·g², p - r·m / (sqrt(v) + e). Contract: update.cuh. 14 FLOPs an element.
#include "update.cuh"

template <class T> struct adam
{
    static const int slots = 2;
    T rate, epsilon, beta1, rest1, beta2, rest2;
    __device__ __forceinline__ adam(const double* a) : rate((T)a[0]), epsilon((T)a[1]), beta1((T)a[2]), rest1((T)a[3]), beta2((T)a[4]), rest2((T)a[5]) {}

    // Tiny numbers become 0, as on the CPU.
    static __device__ __forceinline__ T above(T x, double single_limit, double double_limit)
    {
        T limit = (T)(sizeof(T) == 4 ? single_limit : double_limit);
        return x < limit && x > -limit ? (T)0 : x;
    }

    __device__ __forceinline__ T apply(T p, T g, T* s) const
    {
        g = above(g, 1e-17, 1e-150);
        s[0] = above(beta1 * s[0] + rest1 * g, 1e-30, 1e-280);
        s[1] = above(beta2 * s[1] + rest2 * (g * g), 1.5e-38, 1e-305);
        return p - rate * s[0] / (sqrt(s[1]) + epsilon);
    }
};

NDL_UPDATE(adam, adam)
