// Circular functions, for angles of any size, and their inverses. The layout is that of elementwise.cuh.
// Moves each element twice, about 20 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(sin, sin(x))
NDL_CALLED(cos, cos(x))
NDL_CALLED(tan, tan(x))
NDL_CALLED(asin, asin(x))
NDL_CALLED(acos, acos(x))
NDL_CALLED(atan, atan(x))

NDL_UNARY_FLOATING(sin)
NDL_UNARY_FLOATING(cos)
NDL_UNARY_FLOATING(tan)
NDL_UNARY_FLOATING(asin)
NDL_UNARY_FLOATING(acos)
NDL_UNARY_FLOATING(atan)
