// What a division to whole quotients leaves, with the sign of the divisor, as the CPU has it: exact, -1 mod 3 is 2, a remainder
// of 0 has the divisor's sign, whole numbers divided by 0 leave 0. NaN propagates. The layout is that of elementwise.cuh.
// Moves each operand and the result once; a few dozen FLOPs an element, more where the quotient is large.
#include "convert.cuh"
#include "elementwise.cuh"

template <class T> static __device__ __forceinline__ T ndl_mod(T a, T b)
{
    if constexpr (ndl_range<T>::whole)
    {
        if (b == 0 || b == -1) return 0;   // the least number by -1 has no quotient
        T rest = a % b;
        return rest == 0 || (rest < 0) == (b < 0) ? rest : rest + b;
    }
    else
    {
        T rest = fmod(a, b);
        if (rest == (T)0) return copysign((T)0, b);
        return rest != rest || (rest < (T)0) == (b < (T)0) ? rest : rest + b;
    }
}

NDL_CALLED_BINARY(mod, ndl_mod(a, b))

NDL_BINARY_NUMBERS(mod)
