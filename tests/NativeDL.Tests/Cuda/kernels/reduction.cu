// One sum per block, through shared memory and then within a warp.
extern "C" __global__ void reduceSum(const float* __restrict__ x, float* __restrict__ sums, int n)
{
    extern __shared__ float tile[];
    float sum = 0.0f;
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) sum += x[i];
    tile[threadIdx.x] = sum;
    __syncthreads();
    for (unsigned half = blockDim.x / 2; half >= 32; half /= 2)
    {
        if (threadIdx.x < half) tile[threadIdx.x] += tile[threadIdx.x + half];
        __syncthreads();
    }
    if (threadIdx.x < 32)
    {
        sum = tile[threadIdx.x];
        for (int step = 16; step > 0; step /= 2) sum += __shfl_down_sync(0xffffffffu, sum, step);
        if (threadIdx.x == 0) sums[blockIdx.x] = sum;
    }
}
