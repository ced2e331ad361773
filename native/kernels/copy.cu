// Copies between any strides, for elements of 1, 2, 4 and 8 bytes. The layout is that of elementwise.cuh.
//
// copy        y = x
// transpose   y = x where neighbours stand along the last dimension but one in x, and along the last one in y:
//             a block of 32 x 8 threads moves a tile of 32 x 32 through shared memory, and both sides see whole lines
//
// y is overwritten and may be a view. Bits stay as they are. Moves each element twice, no FLOPs.
#include "elementwise.cuh"

struct fn_copy { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x; } };

NDL_UNARY(copy, f32, u32)
NDL_UNARY(copy, f64, u64)
NDL_UNARY(copy, i32, u32)
NDL_UNARY(copy, i64, u64)
NDL_UNARY(copy, b8, u8)
NDL_UNARY(copy, u8, u8)
NDL_UNARY(copy, bf16, u16)
NDL_UNARY(copy, f16, u16)

// A block for each tile: across the columns first, then down the rows, then over the dimensions outside.
template <class T> __device__ __forceinline__ void transpose(const T* x, T* y, const ndl_walk& walk)
{
    const int side = 32;
    __shared__ T tile[side][side + 1];
    const i64* from = walk.strides;
    const i64* to = walk.strides + ndl_walk::most_rank;
    int last = walk.rank - 1;
    i64 rows = walk.dims[last - 1], columns = walk.dims[last];
    u32 across = (u32)((columns + side - 1) / side), down = (u32)((rows + side - 1) / side), place = blockIdx.x;
    i64 column = (i64)(place % across) * side;
    place /= across;
    i64 row = (i64)(place % down) * side;
    place /= down;
#pragma unroll 1
    for (int d = last - 2; d >= 0; d--)
    {
        u32 whole = place / (u32)walk.dims[d];
        i64 index = place - whole * (u32)walk.dims[d];
        place = whole;
        x += index * from[d];
        y += index * to[d];
    }
    int lane = threadIdx.x;
    for (int i = threadIdx.y; i < side; i += blockDim.y)
        if (row + lane < rows && column + i < columns) tile[i][lane] = x[row + lane + (column + i) * from[last]];
    __syncthreads();
    for (int i = threadIdx.y; i < side; i += blockDim.y)
        if (row + i < rows && column + lane < columns) y[(row + i) * to[last - 1] + column + lane] = tile[lane][i];
}

#define TRANSPOSE(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) transpose_##suffix(const T* x, T* y, ndl_walk walk) { transpose(x, y, walk); }

TRANSPOSE(f32, u32)
TRANSPOSE(f64, u64)
TRANSPOSE(i32, u32)
TRANSPOSE(i64, u64)
TRANSPOSE(b8, u8)
TRANSPOSE(u8, u8)
TRANSPOSE(bf16, u16)
TRANSPOSE(f16, u16)
