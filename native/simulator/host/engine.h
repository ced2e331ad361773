// Runs the blocks of one launch. Each OS thread has one engine; a block runs whole on one engine, its
// CUDA threads as fibers. A fiber starts threads one after another and is only left at a barrier or a
// warp function, so a kernel without these runs as a plain loop on a single fiber.
#pragma once
#include "../device/state.h"
#include "fiber.h"
#include "options.h"
#include <atomic>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace ndlsim
{
struct Module;

struct Kernel
{
    const KernelEntry* entry;
    const Module* module;
};

// What all blocks of a launch share.
struct LaunchState
{
    const Kernel* kernel;
    dim3 grid, block;
    unsigned shared_bytes;
    void** arguments;
    std::int64_t order;
    bool poison = false;
    std::atomic<std::uint64_t> next_block{0};
    std::atomic<bool> failed{false};
    std::string error = "";   // written by whoever sets failed

    std::uint64_t blocks() const { return (std::uint64_t)grid.x * grid.y * grid.z; }
    void fail(const std::string& reason);
};

// A cheap walk over 0..n-1 in scrambled order: i -> (first + i*step) mod n with step coprime to n.
struct Walk
{
    std::uint64_t n, first, step;
    Walk(std::uint64_t n, std::uint64_t seed);
    std::uint64_t operator[](std::uint64_t i) const { return n <= UINT32_MAX ? (first + i * step) % n : i; }
};

class Engine
{
public:
    static Engine& of_this_thread();
    void run(LaunchState& launch);

    // Called from inside kernels.
    bool next_thread();
    int barrier(int predicate, int kind);
    unsigned long long warp(WarpOp op, unsigned mask, unsigned long long value, int operand, int width);
    unsigned active_lanes() const;
    [[noreturn]] void fail(const std::string& reason);

    bool inside_kernel() const { return running_ != nullptr; }
    char* fiber_top() const { return running_->top(); }

private:
    enum class Waits : std::uint8_t { Nothing, Barrier, Warp, Finished };
    struct Thread
    {
        Fiber* fiber;
        uint3 index;
        Waits waits;
        WarpOp op;
        unsigned mask;
        int operand, width;
        unsigned long long value, result;
    };
    static constexpr unsigned max_threads = 1024;

    static void fiber_main();
    void run_block(std::uint64_t block);
    Fiber* fresh_fiber();
    void park();
    void leave(void** save);
    void select(unsigned thread);
    void release_barrier(unsigned except);
    bool release_warp(unsigned warp, unsigned except);
    unsigned alive(unsigned warp) const;
    bool release_anything();
    std::string describe_deadlock() const;
    void poison_shared(const Module& module, unsigned bytes);
    void prepare_shared(const Module& module);
    std::string place() const;

    LaunchState* launch_ = nullptr;
    Fiber* running_ = nullptr;
    void* scheduler_ = nullptr;
    bool aborted_ = false;
    std::vector<Fiber*> fibers_, free_;
    Thread threads_[max_threads];
    unsigned ready_[max_threads], ready_head_ = 0, ready_count_ = 0;
    unsigned count_ = 0, started_ = 0, live_ = 0, at_barrier_ = 0, current_ = 0;
    unsigned order_first_ = 0, order_step_ = 1, next_ = 0;
    int barrier_sum_ = 0, barrier_result_ = 0;
    bool has_current_ = false;
    struct SharedMemory { char* begin; std::size_t size; char* dynamic; };
    std::unordered_map<const Module*, SharedMemory> shared_;
    SharedMemory here_{};
};

constexpr unsigned dynamic_capacity = 227 * 1024, dynamic_guard = 256;

// The launch runs on this thread, or on a few when it is big. Returns an empty text, or what went wrong.
std::string run_launch(LaunchState& launch);
void install_fault_handler();
}
