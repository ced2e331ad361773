#include "driver.h"
#include <cstring>

namespace ndlsim
{
static std::string shape(dim3 g, dim3 b)
{
    auto text = [](dim3 d) { return "(" + std::to_string(d.x) + "," + std::to_string(d.y) + "," + std::to_string(d.z) + ")"; };
    return "grid " + text(g) + " block " + text(b);
}

// Constants and device variables of a module lie in its shared object, not in an allocation.
static std::map<std::uintptr_t, std::size_t>& globals() { static auto* m = new std::map<std::uintptr_t, std::size_t>; return *m; }

bool is_global(std::uintptr_t p)
{
    for (auto& [address, size] : globals()) if (p >= address && p < address + size) return true;
    return false;
}

namespace
{
struct Call
{
    Function* function;
    const Kernel* kernel;
    dim3 grid, block;
    unsigned shared;
    std::vector<char> values;
    std::vector<std::size_t> offsets;

    Result run(Context& context)
    {
        Options& o = options(context.device);
        std::string name = "kernel '" + std::string(kernel->entry->name) + "'";
        auto broken = [&](Result code, const std::string& text)
        {
            context.sticky = code;
            return fail(code, text + " (" + shape(grid, block) + ")");
        };
        if (o.lose_device > 0 && --o.lose_device == 0) return broken(DeviceUnavailable, "injected: the device is lost at " + name);
        if (o.fail_launch > 0 && --o.fail_launch == 0) return broken(LaunchFailed, "injected: " + name + " fails");

        std::vector<std::uintptr_t> pointers;
        std::vector<void*> arguments;
        for (unsigned i = 0; i < kernel->entry->parameter_count; i++)
        {
            arguments.push_back(values.data() + offsets[i]);
            if (kernel->entry->parameters[i].kind != 'p') continue;
            std::uintptr_t p;
            memcpy(&p, arguments.back(), sizeof p);
            if (p != 0 && find_allocation(p) == nullptr && !is_pinned((void*)p) && !is_global(p))
                return broken(IllegalAddress, name + ": argument " + std::to_string(i) + " points to no live allocation");
            pointers.push_back(p);
        }
        LaunchState state{kernel, grid, block, shared, arguments.data(), o.order, o.poison_shared != 0};
        std::string error = run_launch(state);
        if (!error.empty()) return broken(error.find("misaligned") != std::string::npos ? (Result)716
            : error.find("illegal access") != std::string::npos ? IllegalAddress : LaunchFailed, error);
        if (o.guard)
            if (std::string found = check_guards(context, pointers); !found.empty()) return broken(IllegalAddress, name + " " + found);
        return Success;
    }

};
}

void add_global(std::uintptr_t address, std::size_t bytes) { globals()[address] = bytes; }

Result prepare_launch(Context& context, Function& function, dim3 grid, dim3 block, unsigned shared, void** arguments, Work& work)
{
    const KernelEntry& entry = *function.kernel->entry;
    std::string name = "kernel '" + std::string(entry.name) + "'";
    std::uint64_t threads = (std::uint64_t)block.x * block.y * block.z;
    if (context.sticky != Success) return context.sticky;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || grid.x > 0x7fffffffu || grid.y > 65535 || grid.z > 65535)
        return fail(InvalidValue, name + ": the grid is not within (1..2^31-1, 1..65535, 1..65535): " + shape(grid, block));
    if (threads == 0 || threads > 1024 || block.z > 64) return fail(InvalidValue, name + ": a block has 1 to 1024 threads: " + shape(grid, block));
    if (entry.max_threads != 0 && threads > entry.max_threads)
        return fail(LaunchOutOfResources, name + ": its launch bounds allow " + std::to_string(entry.max_threads) + " threads a block");
    if (shared > function.max_dynamic) return fail(InvalidValue, name + ": more dynamic shared memory than allowed: " + std::to_string(shared));
    if (shared > 0 && function.kernel->module->info->dynamic_shared == nullptr)
        return fail(InvalidValue, name + ": dynamic shared memory is given to a module that declares none");

    auto call = std::make_shared<Call>();
    call->function = &function;
    call->kernel = function.kernel;
    call->grid = grid;
    call->block = block;
    call->shared = shared;
    for (unsigned i = 0; i < entry.parameter_count; i++)
    {
        if (arguments == nullptr || arguments[i] == nullptr) return fail(InvalidValue, name + ": an argument is missing");
        std::size_t at = (call->values.size() + 15) / 16 * 16;
        call->values.resize(at + entry.parameters[i].size);
        memcpy(call->values.data() + at, arguments[i], entry.parameters[i].size);
        call->offsets.push_back(at);
    }
    work.run = [call](Context& c) { return call->run(c); };
    return Success;
}
}
