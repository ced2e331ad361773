// Copies between any strides, for elements of 1, 2, 4 and 8 bytes: one kernel a size, named after u8, f16, i32 and i64. The layout is that of elementwise.cuh.
//
// copy        y = x
// transpose   y = x where neighbours stand along the last dimension but one in x, and along the last one in y:
//             a block of 32 x 8 threads moves a tile of 64 x 64 through shared memory, and both sides see whole lines
//
// y is overwritten and may be a view. Bits stay as they are. Moves each element twice, no FLOPs.
#include "elementwise.cuh"

struct fn_copy { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x; } };

NDL_UNARY(copy, i32, u32)
NDL_UNARY(copy, i64, u64)
NDL_UNARY(copy, u8, u8)
NDL_UNARY(copy, f16, u16)

// A block for each tile: across the columns first, then down the rows, then over the dimensions outside.
template <class T> __device__ __forceinline__ void transpose(const T* x, T* y, const ndl_walk& walk)
{
    const int side = 64, across = 32, down = 8;   // the block
    __shared__ T tile[side][side + 1];
    const i64* from = walk.strides;
    const i64* to = walk.strides + ndl_walk::most_rank;
    int last = walk.rank - 1;
    i64 rows = walk.dims[last - 1], columns = walk.dims[last];
    u32 tiles_across = (u32)((columns + side - 1) / side), tiles_down = (u32)((rows + side - 1) / side), place = blockIdx.x;
    i64 column = (i64)(place % tiles_across) * side;
    place /= tiles_across;
    i64 row = (i64)(place % tiles_down) * side;
    place /= tiles_down;
#pragma unroll 1
    for (int d = last - 2; d >= 0; d--)
    {
        u32 whole = place / (u32)walk.dims[d];
        i64 index = place - whole * (u32)walk.dims[d];
        place = whole;
        x += index * from[d];
        y += index * to[d];
    }
    // Unrolled, so that all of a thread's loads are under way together.
#pragma unroll
    for (int i = 0; i < side * side / (across * down); i++)
    {
        int lane = threadIdx.x + i % (side / across) * across, line = threadIdx.y + i / (side / across) * down;
        if (row + lane < rows && column + line < columns) tile[line][lane] = x[row + lane + (column + line) * from[last]];
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < side * side / (across * down); i++)
    {
        int lane = threadIdx.x + i % (side / across) * across, line = threadIdx.y + i / (side / across) * down;
        if (row + line < rows && column + lane < columns) y[(row + line) * to[last - 1] + column + lane] = tile[lane][line];
    }
}

#define TRANSPOSE(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) transpose_##suffix(const T* x, T* y, ndl_walk walk) { transpose(x, y, walk); }

TRANSPOSE(i32, u32)
TRANSPOSE(i64, u64)
TRANSPOSE(u8, u8)
TRANSPOSE(f16, u16)
