// The entry points of the CUDA driver that NativeDL uses: devices, contexts, modules, launches.
#include "driver.h"
#include <cstdio>
#include <cstring>
#include <dlfcn.h>
#include <link.h>

namespace ndlsim
{
static bool initialized;
static Context* primaries[max_devices];
static __thread Context* current_context __attribute__((tls_model("initial-exec")));

Context* current() { return current_context; }

// Every call starts here: initialized, a context is current and it has not failed.
Result enter(Context*& context)
{
    if (!initialized) return fail(NotInitialized, "cuInit was not called");
    context = current_context;
    if (context == nullptr) return fail(InvalidContext, "no context is current on this thread");
    return context->sticky;
}

static Context* create(int device, bool primary)
{
    auto* context = new Context{};
    context->device = device;
    context->primary = primary;
    context->null_stream.context = context;
    context->null_stream.blocking = context->null_stream.is_null = true;
    context->streams.insert(&context->null_stream);
    return context;
}

// Kernels that were asked for run before the context goes; streams left over are forgotten.
static void reset(Context& context)
{
    drain_all(context);
    for (Stream* s : context.streams)
    {
        s->pending.clear();
        s->capture = nullptr;
    }
    release_all(context);
    context.streams.clear();
    context.streams.insert(&context.null_stream);
    context.sticky = Success;
}

static bool is_device(int device) { return device >= 0 && device < device_count(); }
}

using namespace ndlsim;

API(cuInit)(unsigned)
{
    LOCK;
    if (!initialized)
    {
        read_environment();
        install_fault_handler();
    }
    if (device_count() == 0) return fail(NoDevice, "NATIVEDL_SIM_DEVICES is 0");
    initialized = true;
    return Success;
}

API(cuDriverGetVersion)(int* version) { *version = (int)options(0).driver_version; return Success; }

API(cuGetErrorName)(Result code, const char** text)
{
    *text = error_name(code);
    return *text != nullptr ? Success : InvalidValue;
}

API(cuGetErrorString)(Result code, const char** text)
{
    *text = error_text(code);
    return *text != nullptr ? Success : InvalidValue;
}

API(cuDeviceGetCount)(int* count)
{
    *count = device_count();
    return initialized ? Success : NotInitialized;
}

API(cuDeviceGet)(int* device, int ordinal)
{
    if (!initialized) return NotInitialized;
    *device = ordinal;
    return is_device(ordinal) ? Success : InvalidDevice;
}

API(cuDeviceGetName)(char* name, int length, int device)
{
    if (!is_device(device)) return InvalidDevice;
    snprintf(name, (size_t)length, "NativeDL simulator %d", device);
    return Success;
}

API(cuDeviceTotalMem_v2)(size_t* bytes, int device)
{
    if (!is_device(device)) return InvalidDevice;
    *bytes = (size_t)options(device).memory;
    return Success;
}

API(cuDeviceGetUuid_v2)(unsigned char* uuid, int device)
{
    if (!is_device(device)) return InvalidDevice;
    memcpy(uuid, "NativeDL-sim\0\0\0", 16);
    uuid[15] = (unsigned char)device;
    return Success;
}

API(cuDeviceCanAccessPeer)(int* can, int device, int peer)
{
    if (!is_device(device) || !is_device(peer)) return InvalidDevice;
    *can = device != peer;
    return Success;
}

API(cuDeviceGetAttribute)(int* value, int attribute, int device)
{
    if (!is_device(device)) return InvalidDevice;
    switch (attribute)
    {
        case 1: case 2: case 3: *value = 1024; break;                             // threads of a block, and of its x and y
        case 4: *value = 64; break;                                               // and of its z
        case 5: *value = 0x7fffffff; break;                                       // grid x
        case 6: case 7: *value = 65535; break;
        case 8: *value = 48 * 1024; break;                                        // shared memory a block
        case 9: *value = 64 * 1024; break;                                        // constant memory
        case 10: *value = 32; break;                                              // warp
        case 12: *value = 65536; break;                                           // registers a block
        case 13: *value = 1000000; break;                                         // clock, kHz
        case 16: *value = (int)worker_count(); break;                             // multiprocessors
        case 18: *value = 1; break;                                               // integrated
        case 36: *value = 1000000; break;                                         // memory clock
        case 37: *value = 64; break;                                              // bus width
        case 38: *value = 1 << 20; break;                                         // L2
        case 39: *value = 2048; break;                                            // threads a multiprocessor
        case 40: *value = 1; break;                                               // async engines
        case 41: *value = 1; break;                                               // unified addresses
        case 75: *value = (int)options(device).capability / 10; break;
        case 76: *value = (int)options(device).capability % 10; break;
        case 81: *value = 164 * 1024; break;                                      // shared memory a multiprocessor
        case 97: *value = 163 * 1024; break;                                      // shared memory a block may opt in to
        case 115: *value = 1; break;                                              // memory pools
        default: *value = 0; break;
    }
    return Success;
}

// ---- contexts --------------------------------------------------------------------------------

API(cuDevicePrimaryCtxRetain)(Context** context, int device)
{
    LOCK;
    if (!initialized) return NotInitialized;
    if (!is_device(device)) return InvalidDevice;
    if (primaries[device] == nullptr) primaries[device] = create(device, true);
    primaries[device]->retained++;
    *context = primaries[device];
    return Success;
}

API(cuDevicePrimaryCtxRelease_v2)(int device)
{
    LOCK;
    if (!is_device(device)) return InvalidDevice;
    Context* context = primaries[device];
    if (context == nullptr || context->retained == 0) return fail(InvalidContext, "the primary context is not retained");
    if (--context->retained == 0) reset(*context);
    return Success;
}

API(cuDevicePrimaryCtxReset_v2)(int device)
{
    LOCK;
    if (!is_device(device)) return InvalidDevice;
    if (primaries[device] != nullptr) reset(*primaries[device]);
    return Success;
}

API(cuDevicePrimaryCtxGetState)(int device, unsigned* flags, int* active)
{
    LOCK;
    if (!is_device(device)) return InvalidDevice;
    *flags = 0;
    *active = primaries[device] != nullptr && primaries[device]->retained > 0;
    return Success;
}

API(cuCtxCreate_v2)(Context** context, unsigned, int device)
{
    LOCK;
    if (!initialized) return NotInitialized;
    if (!is_device(device)) return InvalidDevice;
    *context = current_context = create(device, false);
    return Success;
}

API(cuCtxDestroy_v2)(Context* context)
{
    LOCK;
    if (context == nullptr || context->primary) return InvalidContext;
    reset(*context);
    if (current_context == context) current_context = nullptr;
    return Success;   // kept, so that a stale handle on another thread is refused rather than followed
}

API(cuCtxSetCurrent)(Context* context) { current_context = context; return initialized ? Success : NotInitialized; }
API(cuCtxGetCurrent)(Context** context) { *context = current_context; return initialized ? Success : NotInitialized; }
API(cuCtxGetDevice)(int* device)
{
    if (current_context == nullptr) return InvalidContext;
    *device = current_context->device;
    return Success;
}

API(cuCtxSynchronize)()
{
    LOCK;
    ENTER;
    if (Result r = forbid_in_capture(*context, "cuCtxSynchronize"); r != Success) return r;
    return drain_all(*context);
}

API(cuMemGetInfo_v2)(size_t* available, size_t* total)
{
    LOCK;
    ENTER;
    *total = (size_t)options(context->device).memory;
    *available = *total - (used_bytes(context->device) < *total ? used_bytes(context->device) : *total);
    return Success;
}

// ---- modules and launches --------------------------------------------------------------------

API(cuModuleLoadDataEx)(LoadedModule** module, const void* image, unsigned count, const int* names, void** values)
{
    LOCK;
    ENTER;
    std::string error = load_modules();
    auto fresh = std::make_unique<LoadedModule>();
    if (error.empty()) error = read_image(static_cast<const char*>(image), fresh->names);
    if (!error.empty())
    {
        // The caller's error log, if it gave one (options 5 and 6), as the real compiler writes it.
        char* log = nullptr;
        size_t size = 0;
        for (unsigned i = 0; i < count; i++)
        {
            if (names[i] == 5) log = static_cast<char*>(values[i]);
            if (names[i] == 6) size = (size_t)values[i];
        }
        if (log != nullptr && size > 0) snprintf(log, size, "%s", error.c_str());
        return fail(InvalidPtx, error);
    }
    *module = fresh.release();
    return Success;
}

API(cuModuleUnload)(LoadedModule* module)
{
    LOCK;
    ENTER;
    Result result = drain_all(*context);
    delete module;
    return result;
}

API(cuModuleGetFunction)(Function** function, LoadedModule* module, const char* name)
{
    LOCK;
    ENTER;
    bool listed = false;
    for (const std::string& n : module->names) listed |= n == name;
    if (!listed) return fail(NotFound, "the module has no kernel '" + std::string(name) + "'");
    auto known = kernels().find(name);
    if (known == kernels().end())
        return fail(NotFound, "kernel '" + std::string(name) + "' was not compiled for the simulator: build native/simulator again");
    auto& slot = module->functions[name];
    if (slot == nullptr) slot = std::make_unique<Function>(Function{&known->second});
    *function = slot.get();
    return Success;
}

API(cuModuleGetGlobal_v2)(std::uintptr_t* address, size_t* bytes, LoadedModule* module, const char* name)
{
    LOCK;
    ENTER;
    for (const std::string& n : module->names)
    {
        auto known = kernels().find(n);
        if (known == kernels().end()) continue;
        void* symbol = dlsym(known->second.module->library, name);
        if (symbol == nullptr) continue;
        Dl_info info;
        ElfW(Sym)* entry = nullptr;
        if (dladdr1(symbol, &info, reinterpret_cast<void**>(&entry), RTLD_DL_SYMENT) == 0 || entry == nullptr) continue;
        if (address != nullptr) *address = (std::uintptr_t)symbol;
        if (bytes != nullptr) *bytes = entry->st_size;
        add_global((std::uintptr_t)symbol, entry->st_size);
        return Success;
    }
    return fail(NotFound, "the module has no variable '" + std::string(name) + "'");
}

API(cuFuncGetAttribute)(int* value, int attribute, Function* function)
{
    switch (attribute)
    {
        case 0: *value = function->kernel->entry->max_threads != 0 ? (int)function->kernel->entry->max_threads : 1024; break;
        case 4: *value = 32; break;                       // registers: a plausible number, nothing depends on it
        case 5: case 6: *value = (int)options(0).capability; break;
        case 8: *value = (int)function->max_dynamic; break;
        default: *value = 0; break;
    }
    return Success;
}

API(cuFuncSetAttribute)(Function* function, int attribute, int value)
{
    if (attribute != 8) return attribute == 9 ? Success : InvalidValue;
    if (value < 0 || value > 163 * 1024) return fail(InvalidValue, "a block has at most 163 KiB of shared memory");
    function->max_dynamic = (unsigned)value;
    return Success;
}

API(cuOccupancyMaxActiveBlocksPerMultiprocessor)(int* blocks, Function*, int threads, size_t)
{
    *blocks = threads > 0 ? 2048 / threads : 0;
    return threads > 0 ? Success : InvalidValue;
}

API(cuLaunchKernel)(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned shared, Stream* handle, void** arguments, void** extra)
{
    LOCK;
    ENTER;
    if (extra != nullptr) return fail(NotSupported, "packed arguments are not simulated");
    Stream* stream = nullptr;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    Work work;
    if (Result r = prepare_launch(*context, *function, {gx, gy, gz}, {bx, by, bz}, shared, arguments, work); r != Success) return r;
    return enqueue(*stream, std::move(work));
}

// ---- the simulator's own ---------------------------------------------------------------------

extern "C"
{
EXPORT const char* ndlsimManifest()
{
    LOCK;
    static std::string text;
    std::string error = load_modules();
    text = error.empty() ? manifest() : "error " + error;
    return text.c_str();
}

// The detail behind the last error: which kernel, which allocation, how far outside.
EXPORT const char* ndlsimLastMessage()
{
    LOCK;
    constexpr size_t most = 1024;
    static __thread char* text;   // little thread-local memory may be used here: it all is static
    if (text == nullptr) text = new char[most];
    snprintf(text, most, "%s", last_message().c_str());
    return text;
}

EXPORT int ndlsimSetOption(int device, const char* name, std::int64_t value)
{
    LOCK;
    return device >= 0 && device < max_devices && set_option(device, name, value) ? Success : InvalidValue;
}
}
