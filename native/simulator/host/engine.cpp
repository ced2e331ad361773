#include "engine.h"
#include "module.h"
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <link.h>
#include <mutex>
#include <numeric>

__thread ndlsim::Running ndlsim_running __attribute__((tls_model("initial-exec"), visibility("default"))) = {};

namespace ndlsim
{
constexpr unsigned nobody = ~0u;
static __thread Engine* engine_of_thread __attribute__((tls_model("initial-exec")));

static std::uint64_t mix(std::uint64_t v)
{
    v ^= v >> 33; v *= 0xff51afd7ed558ccdULL;
    v ^= v >> 33; v *= 0xc4ceb9fe1a85ec53ULL;
    return v ^ (v >> 33);
}

Walk::Walk(std::uint64_t count, std::uint64_t seed) : n(count), first(0), step(1)
{
    if (seed == 0 || n < 2) return;
    first = mix(seed) % n;
    step = mix(seed + 1) % n | 1;
    while (std::gcd(step, n) != 1) step += 2;
    step %= n;
}

void LaunchState::fail(const std::string& reason)
{
    static std::mutex gate;
    std::lock_guard lock(gate);
    if (failed.load()) return;
    error = reason;
    failed.store(true);
}

Engine& Engine::of_this_thread()
{
    struct Owner
    {
        Engine* engine = new Engine;
        ~Owner()
        {
            for (Fiber* f : engine->fibers_) { f->destroy(); delete f; }
            delete engine;
            engine_of_thread = nullptr;
        }
    };
    if (engine_of_thread == nullptr)
    {
        static thread_local Owner owner;
        engine_of_thread = owner.engine;
    }
    return *engine_of_thread;
}

void Engine::run(LaunchState& launch)
{
    launch_ = &launch;
    count_ = launch.block.x * launch.block.y * launch.block.z;
    prepare_shared(*launch.kernel->module);
    std::uint64_t total = launch.blocks();
    Walk blocks(total, (std::uint64_t)launch.order);
    ndlsim_running.block_dim = launch.block;
    ndlsim_running.grid_dim = launch.grid;
    for (std::uint64_t i; !launch.failed.load(std::memory_order_relaxed) && (i = launch.next_block.fetch_add(1)) < total;)
        run_block(blocks[i]);
    launch_ = nullptr;
}

void Engine::run_block(std::uint64_t block)
{
    LaunchState& launch = *launch_;
    dim3 grid = launch.grid;
    ndlsim_running.block_index = {(unsigned)(block % grid.x), (unsigned)(block / grid.x % grid.y), (unsigned)(block / grid.x / grid.y)};
    Walk order(count_, launch.order == 0 ? 0 : mix((std::uint64_t)launch.order + block));
    order_first_ = (unsigned)order.first;
    order_step_ = (unsigned)order.step;
    next_ = order_first_;
    for (unsigned i = 0; i < count_; i++) threads_[i].waits = Waits::Nothing;
    started_ = at_barrier_ = ready_head_ = ready_count_ = 0;
    live_ = count_;
    barrier_sum_ = 0;
    has_current_ = aborted_ = false;
    poison_shared(*launch.kernel->module, launch.shared_bytes);

    while (!aborted_)
    {
        if (ready_count_ > 0 || started_ < count_)
        {
            leave(&scheduler_);   // comes back when no thread can go on
            running_ = nullptr;
        }
        else if (live_ == 0) break;
        else if (!release_anything())
        {
            launch.fail(describe_deadlock());
            aborted_ = true;
        }
    }

    if (aborted_)
    {
        // Fibers were left in the middle of the kernel; device code has no destructors, so they simply start over.
        free_.clear();
        for (Fiber* f : fibers_)
        {
            f->prepare(&Engine::fiber_main);
            free_.push_back(f);
        }
        return;
    }
    for (unsigned i = 0; here_.dynamic != nullptr && i < dynamic_guard; i++)
    {
        if ((unsigned char)here_.dynamic[launch.shared_bytes + i] == 0xA5) continue;
        launch.fail("kernel '" + std::string(launch.kernel->entry->name) + "' wrote " + std::to_string(i)
            + " bytes past its " + std::to_string(launch.shared_bytes) + " bytes of dynamic shared memory");
        break;
    }
}

// ---- fibers ----------------------------------------------------------------------------------

void Engine::fiber_main()
{
    for (;;)
    {
        Engine& engine = of_this_thread();
        engine.launch_->kernel->entry->run(engine.launch_->arguments);
        Fiber* self = engine.running_;
        engine.free_.push_back(self);
        engine.leave(&self->saved);
    }
}

Fiber* Engine::fresh_fiber()
{
    if (free_.empty())
    {
        auto* fresh = new Fiber;
        fresh->create(128 * 1024, (unsigned)fibers_.size());
        fresh->prepare(&Engine::fiber_main);
        fibers_.push_back(fresh);
        return fresh;
    }
    Fiber* fiber = free_.back();
    free_.pop_back();
    return fiber;
}

// Goes on with whoever can: a thread that was released, a thread that has not started, or else the scheduler.
void Engine::leave(void** save)
{
    Fiber* self = running_;
    if (ready_count_ > 0)
    {
        unsigned thread = ready_[ready_head_];
        ready_head_ = (ready_head_ + 1) % max_threads;
        ready_count_--;
        running_ = threads_[thread].fiber;
        has_current_ = true;
        select(thread);
    }
    else if (started_ < count_)
    {
        running_ = fresh_fiber();
        has_current_ = false;
    }
    else
    {
        if (save != &scheduler_) ndlsim_switch(save, scheduler_);
        return;
    }
    if (running_ != self) ndlsim_switch(save, running_->saved);
}

void Engine::select(unsigned thread)
{
    current_ = thread;
    ndlsim_running.linear = thread;
    ndlsim_running.thread_index = threads_[thread].index;
}

void Engine::park()
{
    threads_[current_].fiber = running_;
    leave(&running_->saved);
}

bool Engine::next_thread()
{
    if (has_current_)
    {
        threads_[current_].waits = Waits::Finished;
        live_--;
    }
    if (started_ == count_)
    {
        has_current_ = false;
        return false;
    }
    unsigned thread = next_;
    next_ += order_step_;
    if (next_ >= count_) next_ -= count_;
    started_++;
    dim3 b = ndlsim_running.block_dim;
    threads_[thread].index = b.y == 1 && b.z == 1 ? uint3{thread, 0, 0} : uint3{thread % b.x, thread / b.x % b.y, thread / b.x / b.y};
    has_current_ = true;
    select(thread);
    return true;
}

// ---- barriers --------------------------------------------------------------------------------

int Engine::barrier(int predicate, int kind)
{
    // One sum serves count, and (threads whose predicate fails) and or.
    barrier_sum_ += kind == 2 ? predicate == 0 : predicate != 0;
    if (++at_barrier_ == live_) release_barrier(current_);
    else
    {
        threads_[current_].waits = Waits::Barrier;
        park();
    }
    return kind == 1 ? barrier_result_ : kind == 2 ? barrier_result_ == 0 : barrier_result_ != 0;
}

void Engine::release_barrier(unsigned except)
{
    barrier_result_ = barrier_sum_;
    barrier_sum_ = 0;
    at_barrier_ = 0;
    for (unsigned i = 0, thread = order_first_; i < count_; i++)
    {
        // The reverse of the order in which they started.
        thread = thread >= order_step_ ? thread - order_step_ : thread + count_ - order_step_;
        if (thread == except || threads_[thread].waits != Waits::Barrier) continue;
        threads_[thread].waits = Waits::Nothing;
        ready_[(ready_head_ + ready_count_++) % max_threads] = thread;
    }
}

unsigned Engine::alive(unsigned warp) const
{
    unsigned lanes = 0;
    for (unsigned lane = 0; lane < 32 && warp * 32 + lane < count_; lane++)
        if (threads_[warp * 32 + lane].waits != Waits::Finished) lanes |= 1u << lane;
    return lanes;
}

unsigned Engine::active_lanes() const { return alive(current_ / 32); }

unsigned long long Engine::warp(WarpOp op, unsigned mask, unsigned long long value, int operand, int width)
{
    Thread& t = threads_[current_];
    unsigned lane = current_ % 32;
    if ((mask >> lane & 1) == 0) fail("a warp function's mask does not name the thread that calls it");
    if (width < 1 || width > 32 || (width & (width - 1)) != 0) fail("a shuffle's width is not a power of two up to 32");
    t.op = op; t.mask = mask; t.value = value; t.operand = operand; t.width = width;
    t.waits = Waits::Warp;
    if (!release_warp(current_ / 32, current_)) park();
    return t.result;
}

// When every living lane that the mask names has arrived, computes all results and lets the lanes go on.
bool Engine::release_warp(unsigned warp, unsigned caller)
{
    const Thread& first = threads_[caller];
    Thread* lanes = threads_ + warp * 32;
    unsigned living = alive(warp), needed = first.mask & living;
    for (unsigned rest = needed; rest != 0; rest &= rest - 1)
        if (lanes[__builtin_ctz(rest)].waits != Waits::Warp) return false;
    for (unsigned rest = needed; rest != 0; rest &= rest - 1)
    {
        const Thread& t = lanes[__builtin_ctz(rest)];
        if (t.op == first.op && t.mask == first.mask) continue;
        // Someone has to fail, and it may be the scheduler that is looking.
        std::string reason = "the lanes of warp " + std::to_string(warp) + " meet in different warp functions or with different masks";
        if (running_ != nullptr) fail(reason);
        launch_->fail("kernel '" + std::string(launch_->kernel->entry->name) + "': " + reason);
        aborted_ = true;
        return true;
    }

    unsigned long long total = 0, low = 0, high = 0, all = 0, any = 0, odd = 0;
    unsigned votes = 0;
    bool start = true;
    for (unsigned rest = needed; rest != 0; rest &= rest - 1)
    {
        const Thread& t = lanes[__builtin_ctz(rest)];
        unsigned v = (unsigned)t.value;
        bool is_signed = first.op == WarpMinS || first.op == WarpMaxS;
        auto key = [&](unsigned long long x) { return is_signed ? (long long)(int)(unsigned)x : (long long)(unsigned)x; };
        votes |= t.value != 0 ? 1u << __builtin_ctz(rest) : 0;
        total += v; odd ^= v; any |= v;
        all = start ? v : all & v;
        if (start || key(v) < key(low)) low = v;
        if (start || key(v) > key(high)) high = v;
        start = false;
    }

    // A lane that left or is not named gives NaN, so that using it shows.
    auto from = [&](unsigned lane) { return lane < 32 && (needed >> lane & 1) ? lanes[lane].value : ~0ULL; };
    for (unsigned rest = needed; rest != 0; rest &= rest - 1)
    {
        unsigned lane = (unsigned)__builtin_ctz(rest);
        Thread& t = lanes[lane];
        unsigned width = (unsigned)t.width, begin = lane & ~(width - 1), end = begin + width - 1, operand = (unsigned)t.operand;
        switch (t.op)
        {
            case WarpSync: t.result = 0; break;
            case WarpShuffle: t.result = from(begin | (operand & (width - 1))); break;
            case WarpShuffleUp: t.result = operand > lane - begin ? t.value : from(lane - operand); break;
            case WarpShuffleDown: t.result = operand > end - lane ? t.value : from(lane + operand); break;
            case WarpShuffleXor: t.result = (lane ^ operand) > end ? t.value : from(lane ^ operand); break;
            case WarpBallot: t.result = votes; break;
            case WarpMatchAny:
                t.result = 0;
                for (unsigned other = needed; other != 0; other &= other - 1)
                    if (lanes[__builtin_ctz(other)].value == t.value) t.result |= 1u << __builtin_ctz(other);
                break;
            case WarpAddU: t.result = total & 0xffffffffu; break;
            case WarpMinU: case WarpMinS: t.result = low; break;
            case WarpMaxU: case WarpMaxS: t.result = high; break;
            case WarpAnd: t.result = all; break;
            case WarpOr: t.result = any; break;
            case WarpXor: t.result = odd; break;
        }
    }
    for (unsigned rest = needed; rest != 0; rest &= rest - 1)
    {
        unsigned thread = warp * 32 + (unsigned)__builtin_ctz(rest);
        threads_[thread].waits = Waits::Nothing;
        if (thread == caller && running_ != nullptr) continue;
        ready_[(ready_head_ + ready_count_++) % max_threads] = thread;
    }
    return true;
}

// Threads that leave early count as arrived; that is noticed here, when nobody else can run.
bool Engine::release_anything()
{
    if (at_barrier_ > 0 && at_barrier_ == live_)
    {
        release_barrier(nobody);
        return true;
    }
    for (unsigned i = 0; i < count_; i++)
        if (threads_[i].waits == Waits::Warp && release_warp(i / 32, i)) return true;
    return false;
}

std::string Engine::describe_deadlock() const
{
    unsigned at_warp = 0;
    for (unsigned i = 0; i < count_; i++) at_warp += threads_[i].waits == Waits::Warp;
    return place() + ": the block cannot go on: of " + std::to_string(live_) + " threads " + std::to_string(at_barrier_)
        + " wait at __syncthreads and " + std::to_string(at_warp) + " in a warp function";
}

// ---- failure ---------------------------------------------------------------------------------

std::string Engine::place() const
{
    uint3 b = ndlsim_running.block_index, t = ndlsim_running.thread_index;
    char text[160];
    snprintf(text, sizeof text, " block (%u,%u,%u) thread (%u,%u,%u)", b.x, b.y, b.z, t.x, t.y, t.z);
    return "kernel '" + std::string(launch_->kernel->entry->name) + "'" + text;
}

void Engine::fail(const std::string& reason)
{
    launch_->fail(place() + ": " + reason);
    aborted_ = true;
    void* abandoned;
    ndlsim_switch(&abandoned, scheduler_);
    __builtin_unreachable();
}

// ---- shared memory ---------------------------------------------------------------------------

void Engine::prepare_shared(const Module& module)
{
    auto known = shared_.find(&module);
    if (known != shared_.end())
    {
        here_ = known->second;
        ndlsim_running.dynamic_shared = here_.dynamic;
        return;
    }
    struct Search { const void* inside; const Module* module; SharedMemory found; } search{module.info->anchor(), &module, {}};
    dl_iterate_phdr([](dl_phdr_info* info, size_t, void* data)
    {
        auto& s = *static_cast<Search*>(data);
        for (int i = 0; i < info->dlpi_phnum; i++)
        {
            const auto& header = info->dlpi_phdr[i];
            auto* begin = static_cast<char*>(info->dlpi_tls_data);
            if (header.p_type != PT_TLS || begin == nullptr || s.inside < begin || s.inside >= begin + header.p_memsz) continue;
            s.found = {begin, header.p_memsz, nullptr};
            return 1;
        }
        return 0;
    }, &search);
    if (module.info->dynamic_shared != nullptr) search.found.dynamic = static_cast<char*>(module.info->dynamic_shared());
    here_ = shared_[&module] = search.found;
    ndlsim_running.dynamic_shared = here_.dynamic;
}

void Engine::poison_shared(const Module&, unsigned bytes)
{
    char* dynamic = here_.dynamic;
    if (launch_->poison)
    {
        char* end = here_.begin + here_.size;
        if (dynamic == nullptr) memset(here_.begin, 0xff, here_.size);
        else
        {
            memset(here_.begin, 0xff, (std::size_t)(dynamic - here_.begin));
            memset(dynamic, 0xff, bytes);
            char* after = dynamic + dynamic_capacity + dynamic_guard;
            if (end > after) memset(after, 0xff, (std::size_t)(end - after));
        }
    }
    if (dynamic != nullptr) memset(dynamic + bytes, 0xA5, dynamic_guard);
}
}

// ---- what kernels call -----------------------------------------------------------------------

#define EXPORT __attribute__((visibility("default")))
extern "C"
{
EXPORT bool ndlsim_next_thread() { return ndlsim::engine_of_thread->next_thread(); }
EXPORT int ndlsim_barrier(int predicate, int kind) { return ndlsim::engine_of_thread->barrier(predicate, kind); }
EXPORT unsigned long long ndlsim_warp(ndlsim::WarpOp op, unsigned mask, unsigned long long value, int operand, int width)
{
    return ndlsim::engine_of_thread->warp(op, mask, value, operand, width);
}
EXPORT unsigned ndlsim_active_lanes() { return ndlsim::engine_of_thread->active_lanes(); }
EXPORT void ndlsim_fail(const char* format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    ndlsim::engine_of_thread->fail(text);
}

// The kernels are compiled with -fsanitize=alignment,bounds,null; these take the place of its runtime.
struct SourceLocation { const char* file; unsigned line, column; };
struct TypeDescriptor { unsigned short kind, info; char name[1]; };
struct TypeMismatch { SourceLocation at; const TypeDescriptor* type; unsigned char log_alignment, check; };
struct OutOfBounds { SourceLocation at; const TypeDescriptor* array; const TypeDescriptor* index; };

EXPORT void __ubsan_handle_type_mismatch_v1_abort(TypeMismatch* what, unsigned long pointer)
{
    const char* reason = pointer == 0 ? "null pointer" : "misaligned address";
    ndlsim_fail("%s 0x%lx used as %s (%s:%u)", reason, pointer, what->type->name, what->at.file, what->at.line);
}
EXPORT void __ubsan_handle_out_of_bounds_abort(OutOfBounds* what, unsigned long index)
{
    ndlsim_fail("index %ld is outside of %s (%s:%u)", (long)index, what->array->name, what->at.file, what->at.line);
}
EXPORT void __ubsan_handle_pointer_overflow_abort(SourceLocation* at, unsigned long, unsigned long)
{
    ndlsim_fail("pointer arithmetic overflows (%s:%u)", at->file, at->line);
}
}
