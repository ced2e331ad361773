// CUDA's vector types with CUDA's sizes and alignments.
#pragma once

#define NDLSIM_VECTOR1(T, name, align) \
    struct alignas(align) name { T x; }; \
    inline name make_##name(T x) { return {x}; }
#define NDLSIM_VECTOR2(T, name, align) \
    struct alignas(align) name { T x, y; }; \
    inline name make_##name(T x, T y) { return {x, y}; }
#define NDLSIM_VECTOR3(T, name) \
    struct name { T x, y, z; }; \
    inline name make_##name(T x, T y, T z) { return {x, y, z}; }
#define NDLSIM_VECTOR4(T, name, align) \
    struct alignas(align) name { T x, y, z, w; }; \
    inline name make_##name(T x, T y, T z, T w) { return {x, y, z, w}; }
#define NDLSIM_VECTORS(T, name, a1, a2, a4) \
    NDLSIM_VECTOR1(T, name##1, a1) NDLSIM_VECTOR2(T, name##2, a2) \
    NDLSIM_VECTOR3(T, name##3) NDLSIM_VECTOR4(T, name##4, a4)

NDLSIM_VECTORS(signed char, char, 1, 2, 4)
NDLSIM_VECTORS(unsigned char, uchar, 1, 2, 4)
NDLSIM_VECTORS(short, short, 2, 4, 8)
NDLSIM_VECTORS(unsigned short, ushort, 2, 4, 8)
NDLSIM_VECTORS(int, int, 4, 8, 16)
NDLSIM_VECTORS(unsigned int, uint, 4, 8, 16)
NDLSIM_VECTORS(long long, longlong, 8, 16, 16)
NDLSIM_VECTORS(unsigned long long, ulonglong, 8, 16, 16)
NDLSIM_VECTORS(float, float, 4, 8, 16)
NDLSIM_VECTORS(double, double, 8, 16, 16)

struct dim3
{
    unsigned x, y, z;
    constexpr dim3(unsigned vx = 1, unsigned vy = 1, unsigned vz = 1) : x(vx), y(vy), z(vz) {}
    constexpr dim3(uint3 v) : x(v.x), y(v.y), z(v.z) {}
    operator uint3() const { return {x, y, z}; }
};
