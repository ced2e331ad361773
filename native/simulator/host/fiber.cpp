#include "fiber.h"
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
asm(R"(
    .text
    .globl ndlsim_switch
    .hidden ndlsim_switch
    .type ndlsim_switch, @function
ndlsim_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    popq %rcx
    jmp *%rcx   # not ret: the processor would predict the return to where this was called from
    .size ndlsim_switch, .-ndlsim_switch
)");
#elif defined(__aarch64__)
asm(R"(
    .text
    .globl ndlsim_switch
    .hidden ndlsim_switch
    .type ndlsim_switch, %function
ndlsim_switch:
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x2, sp
    str x2, [x0]
    mov sp, x1
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .size ndlsim_switch, .-ndlsim_switch
)");
#else
#error "The simulator's context switch is written for x86-64 and AArch64."
#endif

namespace ndlsim
{
void Fiber::create(std::size_t bytes, unsigned number)
{
    shift = number % 64 * 192;
    std::size_t page = (std::size_t)sysconf(_SC_PAGESIZE);
    size = (bytes + page - 1) / page * page + page;
    void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) abort();
    mprotect(memory, page, PROT_NONE);   // a kernel that recurses too deep faults instead of corrupting its neighbour
    stack = static_cast<char*>(memory);
}

void Fiber::prepare(void (*start)())
{
    auto* slot = reinterpret_cast<void**>(top());
#if defined(__x86_64__)
    // At entry to a function the stack is 8 bytes off a 16-byte boundary, as after a call.
    *--slot = nullptr;
    *--slot = reinterpret_cast<void*>(start);
    for (int i = 0; i < 6; i++) *--slot = nullptr;
#else
    slot -= 20;
    for (int i = 0; i < 20; i++) slot[i] = nullptr;
    slot[11] = reinterpret_cast<void*>(start);   // x30, where ret goes
#endif
    saved = slot;
}

void Fiber::destroy()
{
    if (stack != nullptr) munmap(stack, size);
    stack = nullptr;
}
}
