// Driver entry points that allocate, copy and fill.
#include "driver.h"
#include <cstdlib>
#include <cstring>

using namespace ndlsim;

API(cuMemAlloc_v2)(std::uintptr_t* address, size_t bytes)
{
    LOCK;
    ENTER;
    return allocate(*context, bytes, *address);
}

API(cuMemFree_v2)(std::uintptr_t address)
{
    LOCK;
    ENTER;
    if (address == 0) return Success;
    if (Result r = drain_all(*context); r != Success) return r;
    return release(*context, address);
}

API(cuMemAllocAsync)(std::uintptr_t* address, size_t bytes, Stream* handle)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    return allocate(*context, bytes, *address);
}

API(cuMemFreeAsync)(std::uintptr_t address, Stream* handle)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    if (find_allocation(address) == nullptr) return fail(InvalidValue, "cuMemFreeAsync: the address belongs to no allocation");
    Work work;
    work.run = [address](Context& c) { return release(c, address); };
    return enqueue(*stream, std::move(work));
}

API(cuMemHostAlloc)(void** address, size_t bytes, unsigned)
{
    LOCK;
    ENTER;
    if (bytes == 0) return InvalidValue;
    *address = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (*address == nullptr) return OutOfMemory;
    register_pinned(*address, bytes);
    return Success;
}

API(cuMemFreeHost)(void* address)
{
    LOCK;
    ENTER;
    Result result = drain_all(*context);
    if (!forget_pinned(address)) return fail(InvalidValue, "cuMemFreeHost: this address was not allocated by cuMemHostAlloc");
    free(address);
    return result;
}

API(cuPointerGetAttribute)(void* value, int attribute, std::uintptr_t address)
{
    LOCK;
    Allocation* a = find_allocation(address);
    bool host = a == nullptr && is_pinned((void*)address);
    if (a == nullptr && !host) return fail(InvalidValue, "cuPointerGetAttribute: the address is not known to the driver");
    switch (attribute)
    {
        case 1: *static_cast<Context**>(value) = host ? current() : a->context; return Success;
        case 2: *static_cast<unsigned*>(value) = host ? 1 : 2; return Success;
        case 9: *static_cast<int*>(value) = host ? 0 : a->context->device; return Success;
        default: return fail(NotSupported, "cuPointerGetAttribute: this attribute is not simulated");
    }
}

// ---- copies ----------------------------------------------------------------------------------

static Result transfer(Stream* handle, bool synchronous, std::uintptr_t to, std::uintptr_t from, size_t bytes, bool to_device, bool from_device)
{
    ENTER;
    const char* what = to_device ? from_device ? "copy on the device" : "copy to the device" : "copy to the host";
    if (synchronous) if (Result r = forbid_in_capture(*context, what, true); r != Success) return r;
    if (bytes == 0) return Success;
    if (to_device) if (Result r = check_range(to, bytes, what); r != Success) return r;
    if (from_device) if (Result r = check_range(from, bytes, what); r != Success) return r;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;

    // The driver reads pageable host memory before it returns, and pinned memory when the stream gets there.
    std::shared_ptr<std::vector<char>> staged;
    if (!from_device && !synchronous && !is_pinned((void*)from))
        staged = std::make_shared<std::vector<char>>((char*)from, (char*)from + bytes);
    Work work;
    work.run = [=](Context&)
    {
        memmove((void*)to, staged ? staged->data() : (void*)from, bytes);
        return Success;
    };
    if (Result r = enqueue(*stream, std::move(work)); r != Success) return r;
    bool waits = synchronous || (!to_device && !is_pinned((void*)to) && stream->capture == nullptr);
    return waits ? drain(*stream) : Success;
}

API(cuMemcpyHtoD_v2)(std::uintptr_t to, const void* from, size_t n) { LOCK; return transfer(nullptr, true, to, (std::uintptr_t)from, n, true, false); }
API(cuMemcpyDtoH_v2)(void* to, std::uintptr_t from, size_t n) { LOCK; return transfer(nullptr, true, (std::uintptr_t)to, from, n, false, true); }
API(cuMemcpyDtoD_v2)(std::uintptr_t to, std::uintptr_t from, size_t n) { LOCK; return transfer(nullptr, true, to, from, n, true, true); }
API(cuMemcpyHtoDAsync_v2)(std::uintptr_t to, const void* from, size_t n, Stream* s)
{ LOCK; return transfer(s, false, to, (std::uintptr_t)from, n, true, false); }
API(cuMemcpyDtoHAsync_v2)(void* to, std::uintptr_t from, size_t n, Stream* s) { LOCK; return transfer(s, false, (std::uintptr_t)to, from, n, false, true); }
API(cuMemcpyDtoDAsync_v2)(std::uintptr_t to, std::uintptr_t from, size_t n, Stream* s) { LOCK; return transfer(s, false, to, from, n, true, true); }

API(cuMemcpyPeerAsync)(std::uintptr_t to, Context*, std::uintptr_t from, Context* source, size_t bytes, Stream* handle)
{
    LOCK;
    if (source != nullptr) if (Result r = drain_all(*source); r != Success) return r;
    return transfer(handle, false, to, from, bytes, true, true);
}

// ---- fills -----------------------------------------------------------------------------------

template <class T> static Result fill(Stream* handle, std::uintptr_t to, T value, size_t count)
{
    ENTER;
    if (count == 0) return Success;
    if (to % sizeof(T) != 0) return fail(InvalidValue, "a fill's address is not aligned to its element");
    if (Result r = check_range(to, count * sizeof(T), "fill"); r != Success) return r;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    Work work;
    work.run = [=](Context&)
    {
        auto* p = (T*)to;
        for (size_t i = 0; i < count; i++) p[i] = value;
        return Success;
    };
    return enqueue(*stream, std::move(work));
}

API(cuMemsetD8_v2)(std::uintptr_t to, unsigned char v, size_t n) { LOCK; return fill(nullptr, to, v, n); }
API(cuMemsetD16_v2)(std::uintptr_t to, unsigned short v, size_t n) { LOCK; return fill(nullptr, to, v, n); }
API(cuMemsetD32_v2)(std::uintptr_t to, unsigned v, size_t n) { LOCK; return fill(nullptr, to, v, n); }
API(cuMemsetD8Async)(std::uintptr_t to, unsigned char v, size_t n, Stream* s) { LOCK; return fill(s, to, v, n); }
API(cuMemsetD16Async)(std::uintptr_t to, unsigned short v, size_t n, Stream* s) { LOCK; return fill(s, to, v, n); }
API(cuMemsetD32Async)(std::uintptr_t to, unsigned v, size_t n, Stream* s) { LOCK; return fill(s, to, v, n); }
