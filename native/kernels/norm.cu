// norm  y = √(Σ x²)
#include "squares.cuh"

struct fn_norm : ndl_squares {};

NDL_REDUCTION_FLOATING(norm)
