// own_softsign  y = x / (1 + |x|)
#include "elementwise.cuh"

struct fn_own_softsign { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x / ((T)1 + fabs(x)); } };

NDL_UNARY_FLOATING(own_softsign)
