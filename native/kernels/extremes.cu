// max, min  the greatest and the smallest element; NaN beats every number
// any, all  the same of truth values
#include "reductions.cuh"

struct fn_max : ndl_joined<ndl_max> {};
struct fn_min : ndl_joined<ndl_min> {};
struct fn_any : ndl_joined<ndl_max> {};
struct fn_all : ndl_joined<ndl_min> {};

NDL_REDUCTION_NUMBERS(max)
NDL_REDUCTION_NUMBERS(min)
NDL_REDUCTION(max, u8, u8, u8)
NDL_REDUCTION(min, u8, u8, u8)
NDL_REDUCTION(any, b8, u8, u8)
NDL_REDUCTION(all, b8, u8, u8)
