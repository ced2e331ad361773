// Contexts, memory, streams, events and graphs of the simulated devices. One lock covers all of it:
// a driver call holds it throughout, and the launches it makes run blocks in parallel underneath.
#pragma once
#include "module.h"
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace ndlsim
{
// The codes of the real driver.
enum Result : int
{
    Success = 0, InvalidValue = 1, OutOfMemory = 2, NotInitialized = 3, DeviceUnavailable = 46, NoDevice = 100, InvalidDevice = 101,
    InvalidImage = 200, InvalidContext = 201, InvalidPtx = 218, InvalidHandle = 400, NotFound = 500, NotReady = 600,
    IllegalAddress = 700, LaunchOutOfResources = 701, ContextIsDestroyed = 709, LaunchFailed = 719, NotSupported = 801,
    CaptureUnsupported = 900, CaptureInvalidated = 901, CaptureUnmatched = 903, Unknown = 999
};

struct Stream;
struct Context;

struct Mark   // a point in a stream that others can wait for
{
    Stream* stream = nullptr;
    bool done = false;
    double seconds = 0;
};

struct Work
{
    std::function<Result(Context&)> run;   // empty for a pure mark or wait
    std::shared_ptr<Mark> wait, reached;
};

struct Graph { std::vector<Work> work; };
struct GraphExec { std::vector<Work> work; };

struct Capture
{
    Graph graph;
    Stream* origin;
    std::set<Stream*> streams;
    std::set<Mark*> marks;
    std::vector<std::shared_ptr<Mark>> held;
    bool invalid = false;
};

struct Stream
{
    Context* context;
    bool blocking;
    bool is_null;
    std::deque<Work> pending;
    Capture* capture = nullptr;
};

struct Event { std::shared_ptr<Mark> mark; bool timing; Context* context; };

struct Allocation
{
    std::uintptr_t address;
    std::size_t size;
    char* raw;
    std::uint32_t guard;      // the pattern in the zones on both sides, different for each allocation
    std::uint64_t serial;
    Context* context;
};

struct Context
{
    int device;
    bool primary;
    int retained = 0;
    Result sticky = Success;   // after a fault every call fails with it, as on a card
    Stream null_stream;
    std::set<Stream*> streams;
};

struct Function { const Kernel* kernel; unsigned max_dynamic = 48 * 1024; };
struct LoadedModule { std::vector<std::string> names; std::map<std::string, std::unique_ptr<Function>> functions; };

std::recursive_mutex& gate();
Result fail(Result code, const std::string& message);
const std::string& last_message();

// memory.cpp
Result allocate(Context& context, std::size_t bytes, std::uintptr_t& address);
Result release(Context& context, std::uintptr_t address);
Allocation* find_allocation(std::uintptr_t address);
Result check_range(std::uintptr_t address, std::size_t bytes, const char* what);
std::string check_guards(Context& context, const std::vector<std::uintptr_t>& first);
std::size_t used_bytes(int device);
void release_all(Context& context);
void register_pinned(void* p, std::size_t bytes);
bool forget_pinned(void* p);
bool is_pinned(const void* p);

// stream.cpp
Result enqueue(Stream& stream, Work work);
Result drain(Stream& stream);
Result drain_blocking(Context& context);
Result drain_all(Context& context);
Result run_until(const std::shared_ptr<Mark>& mark);
Result step(Stream& stream);
Result forbid_in_capture(Context& context, const char* what, bool by_default_stream = false);
double now();

// kernel.cpp
bool is_global(std::uintptr_t address);
Result prepare_launch(Context& context, Function& function, dim3 grid, dim3 block, unsigned shared, void** arguments, Work& work);
}
