// y = x^3, as somebody writes it for an operation of their own: the simulator's form of the text in CudaSourceTests.
extern "C" __global__ void cube(const float* x, float* y, long long n)
{
    long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = x[i] * x[i] * x[i];
}
