// Spreads a launch's blocks over a few OS threads, and turns a wild access in a kernel into an error.
#include "engine.h"
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <ucontext.h>

namespace ndlsim
{
namespace
{
class Workers
{
public:
    void run(LaunchState& launch)
    {
        start();
        {
            std::lock_guard lock(gate_);
            job_ = &launch;
            busy_ = (unsigned)threads_.size();
            generation_++;
        }
        wake_.notify_all();
        Engine::of_this_thread().run(launch);
        std::unique_lock lock(gate_);
        done_.wait(lock, [&] { return busy_ == 0; });
        job_ = nullptr;
    }

private:
    void start()
    {
        if (!threads_.empty()) return;
        // The host program's signals are not for these threads.
        sigset_t all, old;
        sigfillset(&all);
        for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) sigdelset(&all, fault);
        pthread_sigmask(SIG_SETMASK, &all, &old);
        for (unsigned i = 1; i < worker_count(); i++)
        {
            threads_.emplace_back([this] { work(); });
            threads_.back().detach();
        }
        pthread_sigmask(SIG_SETMASK, &old, nullptr);
    }

    void work()
    {
        // A handler needs a stack of its own: the fault may be that the fiber's is full.
        constexpr std::size_t bytes = 64 * 1024;
        stack_t alternate{new char[bytes], 0, bytes};
        sigaltstack(&alternate, nullptr);
        unsigned long seen = 0;
        for (;;)
        {
            std::unique_lock lock(gate_);
            wake_.wait(lock, [&] { return generation_ != seen; });
            seen = generation_;
            LaunchState* job = job_;
            lock.unlock();
            Engine::of_this_thread().run(*job);
            lock.lock();
            if (--busy_ == 0) done_.notify_one();
        }
    }

    std::vector<std::thread> threads_;
    std::mutex gate_;
    std::condition_variable wake_, done_;
    LaunchState* job_ = nullptr;
    unsigned busy_ = 0;
    unsigned long generation_ = 0;
};

struct sigaction previous_segv, previous_bus;
__thread unsigned long fault_address;

[[noreturn]] void after_fault()
{
    ndlsim_fail("illegal access to address 0x%lx", fault_address);
}

void on_fault(int signal, siginfo_t* info, void* raw)
{
    Engine* engine = ndlsim_running.block_dim.x != 0 ? &Engine::of_this_thread() : nullptr;
    if (engine == nullptr || !engine->inside_kernel())
    {
        const struct sigaction& next = signal == SIGSEGV ? previous_segv : previous_bus;
        if (next.sa_flags & SA_SIGINFO) next.sa_sigaction(signal, info, raw);
        else if (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN) next.sa_handler(signal);
        else
        {
            sigaction(signal, &next, nullptr);   // the access happens again and now ends the process
        }
        return;
    }
    // Go on in after_fault, on the fiber's stack from its top: what stood there is abandoned.
    fault_address = (unsigned long)info->si_addr;
    auto* context = static_cast<ucontext_t*>(raw);
    auto top = (unsigned long)engine->fiber_top();
#if defined(__x86_64__)
    context->uc_mcontext.gregs[REG_RSP] = (long)(top - 8);
    context->uc_mcontext.gregs[REG_RIP] = (long)&after_fault;
#else
    context->uc_mcontext.sp = top;
    context->uc_mcontext.pc = (unsigned long)&after_fault;
#endif
}
}

void install_fault_handler()
{
    struct sigaction action{};
    action.sa_sigaction = &on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &action, &previous_segv);
    sigaction(SIGBUS, &action, &previous_bus);
}

std::string run_launch(LaunchState& launch)
{
    static Workers* workers = new Workers;   // lives as long as the process: its threads are never joined
    unsigned long threads = launch.blocks() * launch.block.x * launch.block.y * launch.block.z;
    if (worker_count() > 1 && launch.blocks() > 1 && threads > 8192) workers->run(launch);
    else Engine::of_this_thread().run(launch);
    return launch.failed.load() ? launch.error : std::string();
}
}
