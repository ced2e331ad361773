// Variants of the tile of gemm.cu, for lab.py: rows, columns, depth in packs, results of a thread down and across, blocks a
// multiprocessor, whether packed operands have loops of their own. With nvcc, or NVRTC and the same options as the library's:
//
//   nvcc -cubin -std=c++17 -gencode=arch=compute_90,code=sm_90 -I native/include -Xptxas -v -o lab.cubin native/lab/gemm/lab.cu
#include "../../kernels/gemm.cu"

#define LAB(name, ...) \
    typedef ndl_tile<float, __VA_ARGS__> tile_##name; \
    extern "C" __global__ void __launch_bounds__(tile_##name::threads, tile_##name::blocks) \
    lab_##name(const float* a, const float* b, const float* bias, float* y, float* z, ndl_gemm sizes, ndl_attributes attributes) \
    { gemm<tile_##name, fn_identity>(a, b, bias, y, z, sizes, attributes); }

LAB(128x128_8x16, 128, 128, 4, 8, 16, 2, true)
LAB(128x128_16x8, 128, 128, 4, 16, 8, 2, true)
LAB(128x128_8x16_flat, 128, 128, 2, 8, 16, 2, true)
LAB(128x128_8x8, 128, 128, 4, 8, 8, 2, false)
LAB(256x128_16x8, 256, 128, 2, 16, 8, 1, true)
LAB(128x256_8x16, 128, 256, 2, 8, 16, 1, true)
LAB(256x64_16x8, 256, 64, 2, 16, 8, 2, true)
LAB(128x64_8x8, 128, 64, 4, 8, 8, 2, true)
LAB(128x64_8x8_three, 128, 64, 4, 8, 8, 3, true)
LAB(64x64_8x8, 64, 64, 4, 8, 8, 4, true)
LAB(64x64_8x8_six, 64, 64, 4, 8, 8, 6, true)
LAB(64x64_8x4, 64, 64, 4, 8, 4, 4, true)
