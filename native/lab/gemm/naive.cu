// Rung 1: c = a b, row-major [m, k] [k, n], a thread for each result, operands straight from global memory.
// Blocks of 32 x 8, so that a warp reads one number of a and a whole line of b.
extern "C" __global__ void __launch_bounds__(256) lab_naive_f32(const float* a, const float* b, float* c, int m, int n, int k)
{
    int row = blockIdx.y * 8 + threadIdx.y, column = blockIdx.x * 32 + threadIdx.x;
    if (row >= m || column >= n) return;
    float sum = 0.0f;
    for (int i = 0; i < k; i++) sum += a[(long long)row * k + i] * b[(long long)i * n + column];
    c[(long long)row * n + column] = sum;
}
