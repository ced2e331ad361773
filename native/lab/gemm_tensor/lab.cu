// Variants of the tile of gemm_tensor.cu, for lab.py: rows, columns, depth, stages, rows and columns of a warp, blocks a
// multiprocessor. With nvcc, or NVRTC and the same options as the library's:
//
//   nvcc -cubin -std=c++17 -gencode=arch=compute_90,code=sm_90 -I native/include -Xptxas -v -o lab.cubin native/lab/gemm_tensor/lab.cu
#include "../../kernels/gemm_tensor.cu"

#define LAB(name, ...) \
    typedef ndl_tensor_tile<__VA_ARGS__> tile_##name; \
    extern "C" __global__ void __launch_bounds__(tile_##name::threads, tile_##name::blocks) \
    lab_##name(const ndl_bf16* a, const ndl_bf16* b, const ndl_bf16* bias, ndl_bf16* y, float* sums, ndl_gemm sizes, int relu) \
    { \
        extern __shared__ ndl_pack<u16, 8> panels[]; \
        gemm_tensor<tile_##name, ndl_bf16>(a, b, bias, y, sums, sizes, relu != 0, ndl_shared_place(panels)); \
    }

LAB(128x256_d32_s4_w64x64, 128, 256, 32, 4, 64, 64, 1)
LAB(128x256_d32_s3_w64x64, 128, 256, 32, 3, 64, 64, 1)
LAB(128x256_d64_s3_w64x64, 128, 256, 64, 3, 64, 64, 1)
LAB(128x256_d64_s4_w64x64, 128, 256, 64, 4, 64, 64, 1)
LAB(256x128_d64_s3_w64x64, 256, 128, 64, 3, 64, 64, 1)
LAB(128x128_d32_s4_w64x64, 128, 128, 32, 4, 64, 64, 2)
LAB(128x128_d64_s3_w64x64, 128, 128, 64, 3, 64, 64, 2)
LAB(128x128_d32_s4_w64x32, 128, 128, 32, 4, 64, 32, 2)
LAB(64x64_d32_s4_w32x32, 64, 64, 32, 4, 32, 32, 3)
LAB(64x64_d64_s4_w32x32, 64, 64, 64, 4, 32, 32, 3)
LAB(128x64_d64_s3_w64x32, 128, 64, 64, 3, 64, 32, 3)
