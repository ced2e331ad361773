// What the tests can switch on: per device, by name, through the environment or ndlsimSetOption.
#pragma once
#include <cstdint>

namespace ndlsim
{
constexpr int max_devices = 8;

struct Options
{
    std::int64_t order = 1;            // 0: threads and blocks in order; else the seed of their shuffled order
    std::int64_t poison_shared = 1;    // fill shared memory with NaN before each block
    std::int64_t poison_memory = 1;    // fill fresh allocations with NaN
    std::int64_t guard = 1;            // check the zones around allocations after every launch
    std::int64_t memory = 4LL << 30;   // bytes the device claims to have
    std::int64_t fail_allocation = 0;  // the n-th allocation from now fails (0: none)
    std::int64_t fail_launch = 0;      // the n-th launch from now fails
    std::int64_t lose_device = 0;      // at the n-th launch from now the device is lost
    std::int64_t eager = 0;            // run stream work at once instead of as late as allowed
    std::int64_t capability = 80;      // compute capability times ten
    std::int64_t driver_version = 12040;
};

Options& options(int device);
bool set_option(int device, const char* name, std::int64_t value);
void read_environment();
int device_count();
unsigned worker_count();
}
