#include "device.h"
#include <cstdlib>
#include <cstring>

namespace ndlsim
{
constexpr std::size_t zone = 256;   // bytes of guard on each side; also the alignment of an allocation

static std::map<std::uintptr_t, Allocation>& all() { static auto* m = new std::map<std::uintptr_t, Allocation>; return *m; }
static std::map<std::uintptr_t, std::size_t>& pinned() { static auto* m = new std::map<std::uintptr_t, std::size_t>; return *m; }
static std::size_t used[max_devices];
static std::uint64_t serials;

// A NaN for float and double, so that a read outside shows too; different per allocation, so that copying
// one guard over another does.
static void write_zone(char* from, std::size_t bytes, std::uint32_t word)
{
    for (std::size_t i = 0; i < bytes; i++) from[i] = (char)(word >> 8 * ((std::uintptr_t)(from + i) & 3));
}

static const char* first_damage(const char* from, std::size_t bytes, std::uint32_t word)
{
    std::size_t i = 0;
    for (; i < bytes && ((std::uintptr_t)(from + i) & 7) != 0; i++)
        if (from[i] != (char)(word >> 8 * ((std::uintptr_t)(from + i) & 3))) return from + i;
    std::uint64_t wide = (std::uint64_t)word << 32 | word, seen;
    for (; i + 8 <= bytes; i += 8)
    {
        memcpy(&seen, from + i, 8);
        if (seen != wide) return from + i + __builtin_ctzll(seen ^ wide) / 8;
    }
    return nullptr;
}

static std::size_t tail(const Allocation& a) { return (a.size + 7) / 8 * 8 - a.size + zone; }

static std::string damage(const Allocation& a)
{
    auto* begin = (const char*)a.address;
    std::string which = "the allocation of " + std::to_string(a.size) + " bytes (number " + std::to_string(a.serial) + ")";
    if (const char* at = first_damage(begin - zone, zone, a.guard))
        return "wrote up to " + std::to_string(begin - at) + " bytes before " + which;
    if (const char* at = first_damage(begin + a.size, tail(a), a.guard))
        return "wrote " + std::to_string(at - begin - (long)a.size) + " bytes past the end of " + which;
    return "";
}

Result allocate(Context& context, std::size_t bytes, std::uintptr_t& address)
{
    Options& o = options(context.device);
    if (bytes == 0) return fail(InvalidValue, "an allocation of 0 bytes");
    if (o.fail_allocation > 0 && --o.fail_allocation == 0) return fail(OutOfMemory, "injected: this allocation fails");
    if (used[context.device] + bytes > (std::size_t)o.memory) return fail(OutOfMemory, "the simulated device is full");
    std::size_t total = zone + (bytes + 7) / 8 * 8 + zone;
    auto* raw = (char*)aligned_alloc(zone, (total + zone - 1) / zone * zone);
    if (raw == nullptr) return fail(OutOfMemory, "the host has no memory left");
    Allocation a{(std::uintptr_t)(raw + zone), bytes, raw, 0, ++serials, &context};
    a.guard = 0x7FF5A001u | ((std::uint32_t)(a.serial * 2654435761u) >> 20);
    write_zone(raw, zone, a.guard);
    write_zone(raw + zone + bytes, tail(a), a.guard);
    if (o.poison_memory) memset(raw + zone, 0xff, bytes);
    used[context.device] += bytes;
    all()[a.address] = a;
    address = a.address;
    return Success;
}

Result release(Context& context, std::uintptr_t address)
{
    auto at = all().find(address);
    if (at == all().end()) return fail(InvalidValue, "freeing an address that is not an allocation, or was freed before");
    std::string found = options(context.device).guard ? damage(at->second) : "";
    used[at->second.context->device] -= at->second.size;
    free(at->second.raw);
    all().erase(at);
    if (found.empty()) return Success;
    context.sticky = IllegalAddress;
    return fail(IllegalAddress, "found at cuMemFree: a kernel or copy " + found);
}

void release_all(Context& context)
{
    for (auto at = all().begin(); at != all().end();)
    {
        if (at->second.context != &context) { ++at; continue; }
        used[context.device] -= at->second.size;
        free(at->second.raw);
        at = all().erase(at);
    }
}

Allocation* find_allocation(std::uintptr_t address)
{
    auto after = all().upper_bound(address);
    if (after == all().begin()) return nullptr;
    Allocation& a = std::prev(after)->second;
    return address <= a.address + a.size ? &a : nullptr;
}

Result check_range(std::uintptr_t address, std::size_t bytes, const char* what)
{
    Allocation* a = find_allocation(address);
    if (a == nullptr && (is_pinned((void*)address) || is_global(address))) return Success;
    if (a == nullptr) return fail(InvalidValue, std::string(what) + ": the address belongs to no allocation");
    if (address + bytes <= a->address + a->size) return Success;
    return fail(InvalidValue, std::string(what) + ": " + std::to_string(bytes) + " bytes from offset " + std::to_string(address - a->address)
        + " do not fit an allocation of " + std::to_string(a->size) + " bytes");
}

// Looks at the allocations that the launch was given and at up to 32 others in turn.
std::string check_guards(Context& context, const std::vector<std::uintptr_t>& first)
{
    for (std::uintptr_t address : first)
        if (Allocation* a = find_allocation(address))
            if (std::string found = damage(*a); !found.empty()) return found;
    static std::uintptr_t resume;
    auto at = all().upper_bound(resume);
    for (std::size_t n = 0, most = all().size() < 32 ? all().size() : 32; n < most; n++)
    {
        if (at == all().end()) at = all().begin();
        if (at->second.context == &context)
            if (std::string found = damage(at->second); !found.empty()) return found;
        resume = at->first;
        ++at;
    }
    return "";
}

std::size_t used_bytes(int device) { return used[device]; }

void register_pinned(void* p, std::size_t bytes) { pinned()[(std::uintptr_t)p] = bytes; }
bool forget_pinned(void* p) { return pinned().erase((std::uintptr_t)p) != 0; }
bool is_pinned(const void* p)
{
    auto after = pinned().upper_bound((std::uintptr_t)p);
    if (after == pinned().begin()) return false;
    --after;
    return (std::uintptr_t)p < after->first + after->second;
}
}
