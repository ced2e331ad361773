// Hyperbolic functions and the error function (tanh is an activation). The layout is that of elementwise.cuh.
// Moves each element twice, about 20 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(sinh, sinh(x))
NDL_CALLED(cosh, cosh(x))
NDL_CALLED(erf, erf(x))

NDL_UNARY_FLOATING(sinh)
NDL_UNARY_FLOATING(cosh)
NDL_UNARY_FLOATING(erf)
