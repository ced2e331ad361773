// The complement and the inverse of the error function. The layout is that of elementwise.cuh.
// Moves each element twice, about 50 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(erfc, erfc(x))
NDL_CALLED(erfinv, erfinv(x))

NDL_UNARY_FLOATING(erfc)
NDL_UNARY_FLOATING(erfinv)
