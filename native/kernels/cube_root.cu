// The cube root, of negative numbers too. The layout is that of elementwise.cuh.
// Moves each element twice, about 30 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(cbrt, cbrt(x))

NDL_UNARY_FLOATING(cbrt)
