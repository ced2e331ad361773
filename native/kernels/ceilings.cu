// What a card can do at most: for measuring beside the kernels that are held against it.
//
// fma_rate  every thread does rounds × 8 fused multiply-adds, in eight chains that do not wait for each other; 16 FLOPs a
//           round. y gets one element a thread, so that nothing of it may be left out.
#include "ndl.cuh"

extern "C" __global__ void __launch_bounds__(256) fma_rate_f32(float* y, int rounds)
{
    float chain[8];
#pragma unroll
    for (int j = 0; j < 8; j++) chain[j] = (float)(threadIdx.x + j);
    for (int i = 0; i < rounds; i++)
#pragma unroll
        for (int j = 0; j < 8; j++) chain[j] = fmaf(chain[j], 0.999f, 0.5f);
    float sum = 0;
#pragma unroll
    for (int j = 0; j < 8; j++) sum += chain[j];
    y[ndl_index()] = sum;
}
