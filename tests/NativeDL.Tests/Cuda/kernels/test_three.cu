// The rule of OwnOptimizerTests.Three, a = [r, 1/2, 1/4]: three slots. Contract: update.cuh.
#include "update.cuh"

template <class T> struct three
{
    static const int slots = 3;
    T rate, half, quarter;
    __device__ __forceinline__ three(const double* a) : rate((T)a[0]), half((T)a[1]), quarter((T)a[2]) {}
    __device__ __forceinline__ T apply(T p, T g, T* s) const
    {
        s[0] = half * s[0] + g;
        s[1] += quarter * s[0];
        s[2] += s[0] * s[0];
        return p - rate * s[1] / (s[2] + half);
    }
};

NDL_UPDATE(test_three, three)
