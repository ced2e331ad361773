// What the kernels and the simulator's engine share: which CUDA thread an OS thread is running now.
#pragma once
#include "vector_types.h"

namespace ndlsim
{
struct Running
{
    uint3 thread_index, block_index;
    dim3 block_dim, grid_dim;
    unsigned linear;        // the thread's number within its block
    void* dynamic_shared;   // the block's dynamic shared memory
};

enum WarpOp : int
{
    WarpSync, WarpShuffle, WarpShuffleUp, WarpShuffleDown, WarpShuffleXor,
    WarpBallot, WarpMatchAny, WarpAddU, WarpMinU, WarpMaxU, WarpMinS, WarpMaxS, WarpAnd, WarpOr, WarpXor
};

struct Parameter { unsigned size, align; char kind; };   // kind: p pointer, i integer, f float, s struct

struct KernelEntry
{
    const char* name;
    void (*run)(void** arguments);   // runs threads of the current block until none is left to start
    const Parameter* parameters;
    unsigned parameter_count, max_threads;
};
}

extern "C"
{
extern __thread ndlsim::Running ndlsim_running __attribute__((tls_model("initial-exec")));
bool ndlsim_next_thread();
int ndlsim_barrier(int predicate, int kind);
unsigned long long ndlsim_warp(ndlsim::WarpOp op, unsigned mask, unsigned long long value, int operand, int width);
unsigned ndlsim_active_lanes();
[[noreturn]] void ndlsim_fail(const char* format, ...) __attribute__((format(printf, 1, 2)));
struct ndlsim_module_info
{
    const char* name;
    const ndlsim::KernelEntry* const* kernels;
    unsigned kernel_count;
    void* (*anchor)();            // touches the module's thread-local storage, which is its shared memory
    void* (*dynamic_shared)();    // null where no kernel uses dynamic shared memory
};
void ndlsim_register_module(const ndlsim_module_info* info);
}
