// Tensor cores (capability 8.0): products of small matrices of half-precision numbers, summed as float, by the threads of a warp.
// On older cards there is nothing here to run: kernels of these are not launched there.
#pragma once
#include "ndl.cuh"

#ifdef NDL_SIMULATOR
// What each lane of a warp shows the others.
template <class V> struct ndl_warp_room
{
    static V* lanes()
    {
        thread_local V all[1024];
        return all + threadIdx.x / 32 * 32;
    }
};

struct ndl_mma_operands
{
    u32 a[4], b[2];
};
#endif

// A place in shared memory: a number of 32 bits, of which the compiler reckons constants apart. In bytes.
#ifdef NDL_SIMULATOR
typedef char* ndl_shared;
#else
typedef u32 ndl_shared;
#endif

__device__ __forceinline__ ndl_shared ndl_shared_place(void* p)
{
#ifdef NDL_SIMULATOR
    return (char*)p;
#else
    return (u32)__cvta_generic_to_shared(p);
#endif
}

// 16 bytes from global to shared memory. Done after ndl_async_wait and a barrier.
template <class T> __device__ __forceinline__ void ndl_async_pack(ndl_shared to, const T* from)
{
#ifdef NDL_SIMULATOR
    for (int j = 0; j < 16 / (int)sizeof(T); j++) reinterpret_cast<T*>(to)[j] = from[j];
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" :: "r"(to), "l"(from) : "memory");
#endif
}

// The same, of which the first `bytes` are there and the others zeros.
template <class T> __device__ __forceinline__ void ndl_async_part(ndl_shared to, const T* from, int bytes)
{
#ifdef NDL_SIMULATOR
    for (int j = 0; j < 16 / (int)sizeof(T); j++) reinterpret_cast<T*>(to)[j] = j * (int)sizeof(T) < bytes ? from[j] : T{};
#elif __CUDA_ARCH__ >= 800
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(to), "l"(from), "r"(bytes) : "memory");
#endif
}

// Four matrices of 8 x 8: lane l gives where row l % 8 of matrix l / 8 begins (`further` on; 16 bytes, aligned to them), and gets
// numbers 2 (l % 4) and the next of row l / 4 of each; turned: of column l / 4.
template <bool turned> __device__ __forceinline__ void ndl_matrices(u32 (&to)[4], ndl_shared row, int further)
{
#ifdef NDL_SIMULATOR
    const u16** rows = ndl_warp_room<const u16*>::lanes();
    int lane = threadIdx.x % 32, line = lane / 4, place = lane % 4 * 2;
    rows[lane] = reinterpret_cast<const u16*>(row + further);
    __syncwarp();
    for (int j = 0; j < 4; j++)
    {
        const u16* const* own = rows + 8 * j;
        u32 low = turned ? own[place][line] : own[line][place], high = turned ? own[place + 1][line] : own[line][place + 1];
        to[j] = high << 16 | low;
    }
    __syncwarp();
#elif __CUDA_ARCH__ >= 800
    u32 address = row + further;
    if (turned)
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
            : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3]) : "r"(address));
    else
        asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
            : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3]) : "r"(address));
#else
    to[0] = to[1] = to[2] = to[3] = 0;
#endif
}

template <class T> struct ndl_is_brain { static constexpr bool value = false; };
template <> struct ndl_is_brain<ndl_bf16> { static constexpr bool value = true; };

// sum += a b: [16, 16] by [16, 8]. Of a lane has rows l / 4 and 8 further, of b column l / 4, each with steps 2 (l % 4), the next, and
// 8 further, two to a word; of the sums columns 2 (l % 4) and the next of rows l / 4 and 8 further.
template <class T> __device__ __forceinline__ void ndl_mma(float (&sum)[4], const u32 (&a)[4], u32 b0, u32 b1)
{
#ifdef NDL_SIMULATOR
    ndl_mma_operands* all = ndl_warp_room<ndl_mma_operands>::lanes();
    int lane = threadIdx.x % 32;
    all[lane] = {{a[0], a[1], a[2], a[3]}, {b0, b1}};
    __syncwarp();
    for (int i = 0; i < 4; i++)
    {
        int row = lane / 4, column = lane % 4 * 2 + i % 2;
        double total = sum[i];
        for (int k = 0; k < 16; k++)
        {
            u32 u = all[row * 4 + k % 8 / 2].a[i / 2 + k / 8 * 2] >> k % 2 * 16, v = all[column * 4 + k % 8 / 2].b[k / 8] >> k % 2 * 16;
            total += (double)ndl_up(T{(u16)u}) * ndl_up(T{(u16)v});
        }
        sum[i] = (float)total;
    }
    __syncwarp();
#elif __CUDA_ARCH__ >= 800
    if constexpr (ndl_is_brain<T>::value)
        asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
            : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
    else
        asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
            : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
#endif
}
