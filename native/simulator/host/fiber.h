// A fiber is a stack with a saved register set. Switching saves only what the calling convention
// says a function must keep: a few nanoseconds, no system call, no signal mask.
#pragma once
#include <cstddef>

namespace ndlsim
{
struct Fiber
{
    void* saved = nullptr;   // stack pointer while the fiber is not running
    char* stack = nullptr;
    std::size_t size = 0, shift = 0;

    // Fibers of different numbers begin at different cache sets: with all tops on the same one each switch misses.
    void create(std::size_t bytes, unsigned number);
    // From the next switch on the fiber runs start(), which never returns.
    void prepare(void (*start)());
    void destroy();
    char* top() const { return stack + size - shift; }
};

extern "C" void ndlsim_switch(void** save, void* load);
}
