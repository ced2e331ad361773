// log(x/(1 - x)); near 1/2 as 2 atanh(2x - 1), whose argument is exact. The layout is that of elementwise.cuh.
// Moves each element twice, about 60 FLOPs.
#include "elementwise.cuh"

NDL_CALLED(logit, fabs(x - (T)0.5) <= (T)0.25 ? (T)2 * atanh(x + x - (T)1) : log(x / ((T)1 - x)))

NDL_UNARY_FLOATING(logit)
