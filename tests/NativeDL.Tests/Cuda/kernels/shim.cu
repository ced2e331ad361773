// One kernel for each group of device functions, each giving what can be computed on the host as well.
#include "ndl.cuh"

__constant__ float table[4] = {1.0f, 2.0f, 4.0f, 8.0f};
__device__ float adjustable[2] = {3.0f, 5.0f};

extern "C" __global__ void warpFunctions(int* out)
{
    int lane = threadIdx.x % 32, n = blockDim.x, i = threadIdx.x;
    unsigned all = 0xffffffffu;
    out[0 * n + i] = __shfl_sync(all, lane * 10, 5);
    out[1 * n + i] = __shfl_up_sync(all, lane, 3);
    out[2 * n + i] = __shfl_down_sync(all, lane, 7, 16);
    out[3 * n + i] = __shfl_xor_sync(all, lane, 9);
    out[4 * n + i] = (int)__ballot_sync(all, lane % 3 == 0);
    out[5 * n + i] = __any_sync(all, lane == 31);
    out[6 * n + i] = __all_sync(all, lane < 31);
#if __CUDA_ARCH__ >= 800
    out[7 * n + i] = __reduce_add_sync(all, lane);
    out[8 * n + i] = __reduce_max_sync(all, lane == 4 ? -1 : -2 - lane);
#else
    out[7 * n + i] = 496;
    out[8 * n + i] = -1;
#endif
    if (lane < 16) out[9 * n + i] = __shfl_xor_sync(0xffffu, lane, 1); // two halves of a warp on paths of their own
    else out[9 * n + i] = __shfl_down_sync(0xffff0000u, lane, 1);
    out[10 * n + i] = (int)__match_any_sync(all, lane % 4);
    double wide = __shfl_sync(all, lane + 0.5, 31);
    out[11 * n + i] = (int)(wide * 2);
    __syncwarp();
}

extern "C" __global__ void blockFunctions(int* out, int n)
{
    int i = threadIdx.x;
    int count = __syncthreads_count(i % 2 == 0), all = __syncthreads_and(i < n), any = __syncthreads_or(i == n - 1);
    out[i] = count * 4 + (all != 0) * 2 + (any != 0);
}

extern "C" __global__ void atomics(int* ints, float* floats, unsigned long long* longs, unsigned* unsigneds)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(&ints[0], 1);
    atomicMax(&ints[1], i);
    atomicMin(&ints[2], -i);
    atomicXor(&ints[3], i);
    atomicAdd(&floats[0], 0.5f);
    atomicAdd(&longs[0], 1ull << 33);
    atomicInc(&unsigneds[0], 9u);
    atomicCAS(&unsigneds[1], 0u, 77u);
}

extern "C" __global__ void vectors(const float4* x, float4* y, const double2* u, double2* v, const int4* p, int4* q, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    float4 a = __ldg(x + i);
    y[i] = make_float4(a.w, a.z, a.y, a.x);
    double2 b = u[i];
    v[i] = make_double2(b.y, b.x);
    int4 c = p[i];
    q[i] = make_int4(c.x + c.y, c.z, c.w, -c.x);
}

struct Shape { int extents[4]; long long strides[4]; };

extern "C" __global__ void structure(const __grid_constant__ Shape shape, long long* out)
{
    out[threadIdx.x] = shape.extents[threadIdx.x] * shape.strides[threadIdx.x];
}

extern "C" __global__ void bitsAndMath(float* f, unsigned* u, double* d, const float* x)
{
    f[0] = rsqrtf(x[0]);
    f[1] = __fmaf_rn(x[0], x[1], x[2]);
    f[2] = __int_as_float(__float_as_int(x[0]) + 1);
    f[3] = fmaxf(x[3], x[0]);   // x[3] is NaN
    f[4] = __saturatef(x[1] * 100.0f);
    f[5] = ndl_half_to_float(ndl_float_to_half(x[4]));
    f[6] = ndl_bfloat_to_float(ndl_float_to_bfloat(x[4]));
    f[7] = table[3] + adjustable[1];
    u[0] = __umulhi(0x80000001u, 0x40000003u);
    u[1] = (unsigned)__popc(0xf0f0u) + (unsigned)__clz(1) * 100u + (unsigned)__ffs(8) * 10000u;
    u[2] = __brev(1u);
    u[3] = __byte_perm(0x33221100u, 0x77665544u, 0x7250u);
    u[4] = (unsigned)__float2int_rn(2.5f) + (unsigned)__float2int_rz(-2.5f);
    u[5] = (unsigned)__umul64hi(1ull << 63, 6ull);
    u[6] = __funnelshift_l(0x80000000u, 1u, 4u);
    d[0] = fma((double)x[0], (double)x[1], 1e-300) + normcdf(0.0);
    d[1] = __longlong_as_double(__double_as_longlong((double)x[1]));
}

extern "C" __global__ void twoDimensions(int* out, int width, int height)
{
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y, z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x < width && y < height) out[(z * height + y) * width + x] = x + 100 * y + 10000 * z;
}

// Waits for nobody: some threads leave before the barrier.
extern "C" __global__ void earlyLeave(float* y, int n)
{
    __shared__ float tile[64];
    int i = threadIdx.x;
    if (i >= n) return;
    tile[i] = (float)i;
    __syncthreads();
    y[i] = tile[n - 1 - i];
}

extern "C" __global__ void bigShared(float* y)
{
    extern __shared__ double big[];
    int last = 12000 - 1;
    if (threadIdx.x == 0) { big[0] = 1.0; big[last] = 2.0; }
    __syncthreads();
    y[threadIdx.x] = (float)(big[0] + big[last]);
}
