// Inverse hyperbolic functions. The layout is that of elementwise.cuh.
// Moves each element twice, about 40 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(asinh, asinh(x))
NDL_CALLED(acosh, acosh(x))
NDL_CALLED(atanh, atanh(x))

NDL_UNARY_FLOATING(asinh)
NDL_UNARY_FLOATING(acosh)
NDL_UNARY_FLOATING(atanh)
