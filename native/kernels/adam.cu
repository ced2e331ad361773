// Adam, with the corrections drawn into rate and ε: a = [r, e, β₁, 1 - β₁, β₂, 1 - β₂, least gradient, least v]
// (the last two for float): m = β₁·m + (1 - β₁)·g,
// v = β₂·v + (1 - β₂)·g², p - r·m / (sqrt(v) + e). Contract: update.cuh. 14 FLOPs an element.
//
// adam_numbers counts a step of each group and makes these numbers of settings = [η, ε, β₁, β₂, least gradient, least v]:
// r = η·sqrt(1 - β₂ᵗ) / (1 - β₁ᵗ), e = ε·sqrt(1 - β₂ᵗ). A thread for each group.
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

extern "C" __global__ void __launch_bounds__(256) adam_numbers_f64(double* numbers, double* settings, int groups)
{
    int group = (int)ndl_index();
    if (group >= groups) return;
    double* to = numbers + group * ndl_update_row;
    double* a = settings + group * ndl_update_row;
    double step = a[ndl_update_row - 1] + 1, root = sqrt(1 - pow(a[4], step));
    a[ndl_update_row - 1] = step;
    to[0] = a[0];
    to[1] = a[1] * root / (1 - pow(a[3], step));
    to[2] = a[2] * root;
    to[3] = a[3];
    to[4] = 1 - a[3];
    to[5] = a[4];
    to[6] = 1 - a[4];
    to[7] = a[5];
    to[8] = a[6];
}
