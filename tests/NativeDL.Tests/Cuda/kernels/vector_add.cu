// c = a + b, element by element.
extern "C" __global__ void __launch_bounds__(256) vectorAdd(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ c, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) c[i] = a[i] + b[i];
}
