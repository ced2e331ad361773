// Adam, with the corrections drawn into rate and ε: a = [r, e, β₁, 1 - β₁, β₂, 1 - β₂, least gradient, least v]
// (the last two for float): m = β₁·m + (1 - β₁)·g,
// v = β₂·v + (1 - β₂)·g², p - r·m / (sqrt(v) + e). Contract: update.cuh. 14 FLOPs an element.
#include "update.cuh"

template <class T> struct adam
{
    static const int slots = 2;
    static const bool single = sizeof(T) == 4;
    T rate, epsilon, beta1, rest1, beta2, rest2, least_gradient, least_square;
    __device__ __forceinline__ adam(const double* a) : rate((T)a[0]), epsilon((T)a[1]), beta1((T)a[2]), rest1((T)a[3]), beta2((T)a[4]), rest2((T)a[5]),
        least_gradient((T)(single ? a[6] : 1e-150)), least_square((T)(single ? a[7] : 1e-305))
    {
        // Never 0: what has no gradient stays where it is.
        const T least = (T)(single ? 1.5e-45 : 5e-324);
        if (epsilon < least) epsilon = least;
    }

    // Tiny numbers become 0, as on the CPU.
    static __device__ __forceinline__ T above(T x, T limit) { return x < limit && x > -limit ? (T)0 : x; }

    __device__ __forceinline__ T apply(T p, T g, T* s) const
    {
        g = above(g, least_gradient);
        s[0] = above(beta1 * s[0] + rest1 * g, (T)(single ? 1e-30 : 1e-280));
        s[1] = above(beta2 * s[1] + rest2 * (g * g), least_square);
        return p - rate * s[0] / (sqrt(s[1]) + epsilon);
    }
};

NDL_UPDATE(adam, adam)
