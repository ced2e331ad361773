// RMSprop, a = [η, ρ, 1 - ρ, ε, μ]: v = ρ·v + (1 - ρ)·g²; the step η·g / sqrt(v + ε) is taken off, with momentum
// m = μ·m + step and m taken off. Contract: update.cuh. 8 to 10 FLOPs an element.
#include "update.cuh"

template <class T> struct root
{
    static const int slots = 1;
    T rate, rho, rest, epsilon;
    __device__ __forceinline__ root(const double* a) : rate((T)a[0]), rho((T)a[1]), rest((T)a[2]), epsilon((T)a[3]) {}
    __device__ __forceinline__ T step(T g, T& v) const
    {
        v = rho * v + rest * (g * g);
        return rate * g / sqrt(v + epsilon);
    }
    __device__ __forceinline__ T apply(T p, T g, T* s) const { return p - step(g, s[0]); }
};

template <class T> struct root_momentum
{
    static const int slots = 2;
    root<T> plain;
    T kept;
    __device__ __forceinline__ root_momentum(const double* a) : plain(a), kept((T)a[4]) {}
    __device__ __forceinline__ T apply(T p, T g, T* s) const
    {
        s[1] = kept * s[1] + plain.step(g, s[0]);
        return p - s[1];
    }
};

NDL_UPDATE(rmsprop, root)
NDL_UPDATE(rmsprop_momentum, root_momentum)
