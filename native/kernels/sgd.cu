// SGD: descent p - η·g with a = [η], and momentum with a = [η, μ, whether it is Nesterov's]: v = μ·v - η·g; p + v, or
// p + μ·v - η·g. Contract: update.cuh. 2 to 5 FLOPs an element.
#include "update.cuh"

template <class T> struct descent
{
    static const int slots = 0;
    T rate;
    __device__ __forceinline__ descent(const double* a) : rate((T)a[0]) {}
    __device__ __forceinline__ T apply(T p, T g, T*) const { return p - rate * g; }
};

template <class T> struct momentum
{
    static const int slots = 1;
    T rate, kept;
    bool nesterov;
    __device__ __forceinline__ momentum(const double* a) : rate((T)a[0]), kept((T)a[1]), nesterov(a[2] != 0) {}
    __device__ __forceinline__ T apply(T p, T g, T* s) const
    {
        T step = rate * g, v = kept * s[0] - step;
        s[0] = v;
        return nesterov ? p + kept * v - step : p + v;
    }
};

NDL_UPDATE(sgd, descent)
NDL_UPDATE(sgd_momentum, momentum)
