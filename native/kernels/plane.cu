// Angle and length of points of the plane, by C's rules for zeros and infinities. The layout is that of elementwise.cuh.
// Moves each operand and the result once, about 40 FLOPs an element.
#include "elementwise.cuh"

NDL_CALLED_BINARY(atan2, atan2(a, b))
NDL_CALLED_BINARY(hypot, hypot(a, b))

NDL_BINARY_FLOATING(atan2)
NDL_BINARY_FLOATING(hypot)
