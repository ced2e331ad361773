// A training step's update of all parameters: one launch for up to 64 of them, whose places stand in the launch's own
// arguments. A block works on `piece` elements of one parameter; which one, it finds by its number.
//
// parameters, gradients and slots are contiguous and of one shape; parameters and slots are overwritten, aligned to the
// element, and met by no other block. NaN propagates. A gradient is first multiplied with its scale (none: 1) and brought
// into ±limit. Half-precision parameters and gradients (S) are computed with as float, slots (T) are float beside them.
// Where is_good is given and false nothing is written. Rules are those of the C# structs of the same names, to the operation.
// Moves each number once (parameter and slots twice, read and written) by 16 bytes; 2 to 20 FLOPs an element.
//
// gradient_squares  partial[first + block] = the sum of g² over that block's piece, in float64
// clip_each         scales[tensor] = limit / norm where the norm of that gradient is above the limit, else 1
// clip_all          the same by the norm of all gradients together
#include "lanes.cuh"
#include "reduce.cuh"

constexpr int most_tensors = 64;
constexpr int piece = 4096;

// UpdateTable of C#.
struct update_table
{
    u64 parameter[most_tensors], gradient[most_tensors], first[most_tensors], second[most_tensors];
    i64 count[most_tensors];
    int number[most_tensors];      // among all parameters of the step
    int block[most_tensors + 1];   // where a tensor's blocks begin; the last is the end of all
    int tensors;

    __device__ __forceinline__ int tensor_of(int b) const
    {
        int low = 0, high = tensors;   // block[low] <= b < block[high]
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (block[middle] <= b) low = middle;
            else high = middle;
        }
        return low;
    }
};

struct update_numbers
{
    double values[8];
};

template <class T> struct rule_descent
{
    static const int slots = 0;
    T rate;
    __device__ __forceinline__ rule_descent(const double* a) : rate((T)a[0]) {}
    __device__ __forceinline__ T apply(T p, T g, T&, T&) const { return p - rate * g; }
};

template <class T> struct rule_momentum
{
    static const int slots = 1;
    T rate, momentum;
    bool nesterov;
    __device__ __forceinline__ rule_momentum(const double* a) : rate((T)a[0]), momentum((T)a[1]), nesterov(a[2] != 0) {}
    __device__ __forceinline__ T apply(T p, T g, T& v, T&) const
    {
        T step = rate * g;
        v = momentum * v - step;
        return nesterov ? p + momentum * v - step : p + v;
    }
};

template <class T> struct rule_root
{
    static const int slots = 1;
    T rate, rho, rest, epsilon;
    __device__ __forceinline__ rule_root(const double* a) : rate((T)a[0]), rho((T)a[1]), rest((T)a[2]), epsilon((T)a[3]) {}
    __device__ __forceinline__ T step(T g, T& v) const
    {
        v = rho * v + rest * (g * g);
        return rate * g / sqrt(v + epsilon);
    }
    __device__ __forceinline__ T apply(T p, T g, T& v, T&) const { return p - step(g, v); }
};

template <class T> struct rule_root_momentum
{
    static const int slots = 2;
    rule_root<T> root;
    T momentum;
    __device__ __forceinline__ rule_root_momentum(const double* a) : root(a), momentum((T)a[4]) {}
    __device__ __forceinline__ T apply(T p, T g, T& v, T& m) const
    {
        m = momentum * m + root.step(g, v);
        return p - m;
    }
};

template <class T> struct rule_adam
{
    static const int slots = 2;
    T rate, epsilon, kept, beta1, rest1, beta2, rest2;
    __device__ __forceinline__ rule_adam(const double* a)
        : rate((T)a[0]), epsilon((T)a[1]), kept((T)a[2]), beta1((T)a[3]), rest1((T)a[4]), beta2((T)a[5]), rest2((T)a[6]) {}
    // Tiny numbers become 0, as on the CPU.
    static __device__ __forceinline__ T above(T x, double single_limit, double double_limit)
    {
        T limit = (T)(sizeof(T) == 4 ? single_limit : double_limit);
        return x < limit && x > -limit ? (T)0 : x;
    }
    __device__ __forceinline__ T apply(T p, T g, T& m, T& v) const
    {
        g = above(g, 1e-17, 1e-150);
        m = above(beta1 * m + rest1 * g, 1e-30, 1e-280);
        v = above(beta2 * v + rest2 * (g * g), 1.5e-38, 1e-305);
        return kept * p - rate * m / (sqrt(v) + epsilon);
    }
};

// Elements begin to end of one parameter, w at a time; the rest that is no whole w stays.
template <class R, class S, class T, int w> __device__ __forceinline__ void update_lanes(const R& rule, S* p, const S* g, T* a, T* b, i64 begin, i64 end, T scale, T limit)
{
    for (i64 i = begin + threadIdx.x * w; i <= end - w; i += blockDim.x * w)
    {
        ndl_lanes<S, w> value = ndl_load<S, w>(p + i), gradient = ndl_load<S, w>(g + i);
        ndl_lanes<T, w> first = ndl_same<T, w>((T)0), second = first;
        if (R::slots > 0) first = ndl_load<T, w>(a + i);
        if (R::slots > 1) second = ndl_load<T, w>(b + i);
#pragma unroll
        for (int j = 0; j < w; j++)
        {
            T v = ndl_up(gradient.items[j]) * scale;
            v = v < -limit ? -limit : v > limit ? limit : v;
            value.items[j] = ndl_down<S>(rule.apply(ndl_up(value.items[j]), v, first.items[j], second.items[j]));
        }
        ndl_store<S, w>(p + i, value);
        if (R::slots > 0) ndl_store<T, w>(a + i, first);
        if (R::slots > 1) ndl_store<T, w>(b + i, second);
    }
}

template <class R, class S> __device__ __forceinline__ void update(const update_table& t, const update_numbers& numbers, const double* scales, double limit, const bool* is_good)
{
    typedef ndl_compute<S> T;
    if (is_good && !*is_good) return;
    R rule(numbers.values);
    int k = t.tensor_of(blockIdx.x);
    S* p = (S*)t.parameter[k];
    const S* g = (const S*)t.gradient[k];
    T* a = (T*)t.first[k];
    T* b = (T*)t.second[k];
    T scale = scales ? (T)scales[t.number[k]] : (T)1, most = (T)limit;
    i64 begin = (i64)((int)blockIdx.x - t.block[k]) * piece, end = min(begin + piece, t.count[k]);
    const int w = 16 / sizeof(T);
    i64 whole = ((t.parameter[k] | t.gradient[k] | t.first[k] | t.second[k]) & 15) == 0 ? begin + (end - begin) / w * w : begin;
    update_lanes<R, S, T, w>(rule, p, g, a, b, begin, whole, scale, most);
    update_lanes<R, S, T, 1>(rule, p, g, a, b, whole, end, scale, most);
}

template <class T> __device__ __forceinline__ void gradient_squares(const update_table& t, double* partial, i64 first)
{
    __shared__ double room[32];
    int k = t.tensor_of(blockIdx.x);
    const T* g = (const T*)t.gradient[k];
    i64 begin = (i64)((int)blockIdx.x - t.block[k]) * piece, end = min(begin + piece, t.count[k]);
    double sum = 0;
    for (i64 i = begin + threadIdx.x; i < end; i += blockDim.x) sum += (double)ndl_up(g[i]) * (double)ndl_up(g[i]);
    sum = ndl_block_reduce<ndl_sum>(sum, room);
    if (threadIdx.x == 0) partial[first + blockIdx.x] = sum;
}

// The factor that brings a norm whose squares stand in n pieces under the limit.
__device__ __forceinline__ double factor(const double* partial, i64 n, double limit, double* room)
{
    double sum = 0;
    for (i64 i = threadIdx.x; i < n; i += blockDim.x) sum += partial[i];
    double norm = sqrt(ndl_block_reduce<ndl_sum>(sum, room));
    return norm > limit ? limit / norm : 1.0;
}

extern "C" __global__ void __launch_bounds__(256) clip_each_f64(update_table t, const double* partial, i64 first, double* scales, double limit)
{
    __shared__ double room[32];
    int k = blockIdx.x;
    double scale = factor(partial + first + t.block[k], t.block[k + 1] - t.block[k], limit, room);
    if (threadIdx.x == 0) scales[t.number[k]] = scale;
}

extern "C" __global__ void __launch_bounds__(256) clip_all_f64(const double* partial, i64 n, double* scales, int tensors, double limit)
{
    __shared__ double room[32];
    double scale = factor(partial, n, limit, room);
    for (int i = threadIdx.x; i < tensors; i += blockDim.x) scales[i] = scale;
}

#define RULE(name, rule, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(update_table t, update_numbers a, const double* scales, double limit, const bool* is_good) { update<rule<ndl_compute<T>>, T>(t, a, scales, limit, is_good); }

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) gradient_squares_##suffix(update_table t, double* partial, i64 first) { gradient_squares<T>(t, partial, first); } \
    RULE(descent, rule_descent, suffix, T) \
    RULE(momentum, rule_momentum, suffix, T) \
    RULE(root, rule_root, suffix, T) \
    RULE(root_momentum, rule_root_momentum, suffix, T) \
    RULE(adam, rule_adam, suffix, T)

KERNELS(f32, float)
KERNELS(f64, double)
KERNELS(bf16, ndl_bf16)
KERNELS(f16, ndl_f16)
