// Powers of 2 and logarithms to other bases than e. The layout is that of elementwise.cuh.
// Moves each element twice, about 20 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(exp2, exp2(x))
NDL_CALLED(log2, log2(x))
NDL_CALLED(log10, log10(x))

NDL_UNARY_FLOATING(exp2)
NDL_UNARY_FLOATING(log2)
NDL_UNARY_FLOATING(log10)
