// Kernels with one mistake each, to show that the simulator finds it. Their right twins stand beside them.

// ---- a removed barrier -----------------------------------------------------------------------
template <bool correct> static __device__ void reverse(float* x)
{
    __shared__ float tile[256];
    tile[threadIdx.x] = x[threadIdx.x];
    if (correct) __syncthreads();
    x[threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
}
extern "C" __global__ void reverseRight(float* x) { reverse<true>(x); }
extern "C" __global__ void reverseWithoutBarrier(float* x) { reverse<false>(x); }

// ---- stores out of place ---------------------------------------------------------------------
extern "C" __global__ void storeOneTooFar(float* y, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) y[i] = 1.0f;
}
extern "C" __global__ void copyOneTooFar(const float* x, float* y, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) y[i] = x[i];
}
extern "C" __global__ void storeBefore(float* y)
{
    y[(int)threadIdx.x - 1] = 1.0f;
}
extern "C" __global__ void storeNowhere(long long address)
{
    *reinterpret_cast<float*>(address) = 1.0f;
}
extern "C" __global__ void sharedOutOfRange(float* y, int last)
{
    __shared__ float tile[32];
    for (int i = 0; i <= last; i++) tile[i] = 1.0f;
    y[0] = tile[0];
}
extern "C" __global__ void dynamicSharedTooFar(float* y)
{
    extern __shared__ float buffer[];
    buffer[threadIdx.x + 1] = 1.0f;
    y[threadIdx.x] = 1.0f;
}
extern "C" __global__ void misaligned(float* y, int offset)
{
    *reinterpret_cast<float4*>(y + offset) = make_float4(1.0f, 2.0f, 3.0f, 4.0f);
}

// ---- outputs and shared memory not written ---------------------------------------------------
extern "C" __global__ void forgetTail(const float* x, float* y, int n)
{
    int i = (blockIdx.x * blockDim.x + threadIdx.x) * 4;
    if (i + 3 >= n) return;
    for (int k = 0; k < 4; k++) y[i + k] = x[i + k];
}
extern "C" __global__ void sumUnwrittenShared(float* y)
{
    __shared__ float tile[64];
    if (threadIdx.x < 63) tile[threadIdx.x] = 1.0f;
    __syncthreads();
    if (threadIdx.x != 0) return;
    float sum = 0.0f;
    for (int i = 0; i < 64; i++) sum += tile[i];
    y[0] = sum;
}

// ---- threads that do not meet ----------------------------------------------------------------
extern "C" __global__ void barrierAgainstShuffle(float* y)
{
    if (threadIdx.x < 16) __syncthreads();
    else y[threadIdx.x] = __shfl_sync(0xffffffffu, y[threadIdx.x], 0);
}
extern "C" __global__ void shuffleWithoutSelf(float* y)
{
    y[threadIdx.x] = __shfl_sync(1u, y[threadIdx.x], 0);
}
extern "C" __global__ void __launch_bounds__(64) boundedTo64(float* y) { y[threadIdx.x] = 1.0f; }

// ---- for argument lists ----------------------------------------------------------------------
extern "C" __global__ void scale(float* y, const float* x, float factor, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = factor * x[i];
}
