// Rung 2: c = a b, row-major [m, k] [k, n], a thread for each result of a tile of 32 x 32, tiles of both operands in shared memory.
extern "C" __global__ void __launch_bounds__(1024) lab_shared_tile_f32(const float* a, const float* b, float* c, int m, int n, int k)
{
    __shared__ float left[32][32], right[32][32];
    int row = blockIdx.y * 32 + threadIdx.y, column = blockIdx.x * 32 + threadIdx.x;
    float sum = 0.0f;
    for (int from = 0; from < k; from += 32)
    {
        int u = from + (int)threadIdx.x, v = from + (int)threadIdx.y;
        left[threadIdx.y][threadIdx.x] = row < m && u < k ? a[(long long)row * k + u] : 0.0f;
        right[threadIdx.y][threadIdx.x] = v < k && column < n ? b[(long long)v * n + column] : 0.0f;
        __syncthreads();
        for (int i = 0; i < 32; i++) sum += left[threadIdx.y][i] * right[i][threadIdx.x];
        __syncthreads();
    }
    if (row < m && column < n) c[(long long)row * n + column] = sum;
}
