// What runs along rows of a contiguous [rows, n], from each row's start.
//
// cumprod         y[r, i] = x[r, 0] · … · x[r, i]
// recurrence      y[r, i] = a[r, i] · y[r, i - 1] + b[r, i], beginning with b[r, 0]; a[r, 0] is not looked at
// running_places  y[r, i] = the place of the greatest of the keys (order_key of sorting.cu) up to i, the first of equal ones
//
// y is overwritten. A block works on a row, 256 elements at a time, joined by trees: the order of joins follows from the
// counts alone. Whole numbers wrap, NaN goes on. Reads and writes each element once, up to 20 FLOPs an element.
#include "ndl.cuh"

// A run is a stretch of a row: what it makes of what came before it. Nothing is joined with a stretch of no elements.
template <class T> struct product
{
    T factor;
    __device__ __forceinline__ product up(int offset) const { return {(T)__shfl_up_sync(0xffffffffu, factor, offset)}; }
    __device__ __forceinline__ product after(product before) const { return {before.factor * factor}; }
};

template <class T> struct line
{
    T slope, height;
    __device__ __forceinline__ line up(int offset) const
    {
        return {(T)__shfl_up_sync(0xffffffffu, slope, offset), (T)__shfl_up_sync(0xffffffffu, height, offset)};
    }
    __device__ __forceinline__ line after(line before) const { return {before.slope * slope, ndl_fma(slope, before.height, height)}; }
};

struct greatest
{
    u64 key;
    i32 place;
    __device__ __forceinline__ greatest up(int offset) const
    {
        return {(u64)__shfl_up_sync(0xffffffffu, key, offset), (i32)__shfl_up_sync(0xffffffffu, place, offset)};
    }
    __device__ __forceinline__ greatest after(greatest before) const { return key > before.key ? *this : before; }
};

template <class R, class Load, class Store> __device__ __forceinline__ void run(int n, Load load, Store store)
{
    __shared__ R warps[8];
    __shared__ R carried;
    int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    for (int base = 0; base < n; base += blockDim.x)
    {
        int i = base + threadIdx.x;
        R v = load(i < n ? i : n - 1);   // behind the end: joined into nothing that is stored
#pragma unroll
        for (int offset = 1; offset < 32; offset *= 2)
        {
            R before = v.up(offset);
            if (lane >= offset) v = v.after(before);
        }
        if (lane == 31) warps[warp] = v;
        __syncthreads();
        R ahead;
        bool any = base > 0;
        if (any) ahead = carried;
        for (int k = 0; k < warp; k++)
        {
            ahead = any ? warps[k].after(ahead) : warps[k];
            any = true;
        }
        if (any) v = v.after(ahead);
        if (i < n) store(i, v);
        __syncthreads();
        if (threadIdx.x == blockDim.x - 1) carried = v;
    }
}

#define RUNS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) cumprod_##suffix(const T* x, T* y, int n) \
    { \
        i64 row = (i64)blockIdx.x * n; \
        run<product<T>>(n, [=](int i) { return product<T>{x[row + i]}; }, [=](int i, product<T> v) { y[row + i] = v.factor; }); \
    }

#define LINES(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) recurrence_##suffix(const T* a, const T* b, T* y, int n) \
    { \
        i64 row = (i64)blockIdx.x * n; \
        run<line<T>>(n, [=](int i) { return line<T>{i == 0 ? (T)0 : a[row + i], b[row + i]}; }, [=](int i, line<T> v) { y[row + i] = v.height; }); \
    }

RUNS(f32, float)
RUNS(f64, double)
RUNS(i64, i64)
LINES(f32, float)
LINES(f64, double)

extern "C" __global__ void __launch_bounds__(256) running_places_i64(const u64* keys, i32* y, int n)
{
    i64 row = (i64)blockIdx.x * n;
    run<greatest>(n, [=](int i) { return greatest{keys[row + i], i}; }, [=](int i, greatest v) { y[row + i] = v.place; });
}
