// log(e^a + e^b), and a log b, which is 0 where a is 0. The layout is that of elementwise.cuh.
// Moves each operand and the result once, about 40 FLOPs an element.
#include "elementwise.cuh"

NDL_CALLED_BINARY(log_add_exp, (a > b ? a : b) + log1p(exp(a == b ? (T)-0.0 : -fabs(a - b))))
NDL_CALLED_BINARY(xlogy, a == (T)0 && b == b ? (T)0 : a * log(b))

NDL_BINARY_FLOATING(log_add_exp)
NDL_BINARY_FLOATING(xlogy)
