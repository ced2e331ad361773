#include "options.h"
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

namespace ndlsim
{
static Options all[max_devices];

Options& options(int device) { return all[device]; }

bool set_option(int device, const char* name, std::int64_t value)
{
    struct { const char* name; std::int64_t Options::* field; } known[] = {
        {"order", &Options::order}, {"poison_shared", &Options::poison_shared}, {"poison_memory", &Options::poison_memory},
        {"guard", &Options::guard}, {"memory", &Options::memory}, {"fail_allocation", &Options::fail_allocation},
        {"fail_launch", &Options::fail_launch}, {"lose_device", &Options::lose_device}, {"eager", &Options::eager},
        {"capability", &Options::capability}, {"driver_version", &Options::driver_version},
    };
    for (auto& k : known)
    {
        if (strcmp(k.name, name) != 0) continue;
        all[device].*k.field = value;
        return true;
    }
    return false;
}

// NATIVEDL_SIM_OPTIONS=order=7,poison_memory=0 sets options of every device.
void read_environment()
{
    const char* text = getenv("NATIVEDL_SIM_OPTIONS");
    if (text == nullptr) return;
    std::string rest = text;
    while (!rest.empty())
    {
        std::size_t comma = rest.find(',');
        std::string item = rest.substr(0, comma);
        rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
        std::size_t equals = item.find('=');
        if (equals == std::string::npos) continue;
        for (int d = 0; d < max_devices; d++)
            set_option(d, item.substr(0, equals).c_str(), atoll(item.c_str() + equals + 1));
    }
}

static long number(const char* variable, long otherwise, long low, long high)
{
    const char* text = getenv(variable);
    long value = text != nullptr ? atol(text) : otherwise;
    return value < low ? low : value > high ? high : value;
}

int device_count()
{
    static const int count = (int)number("NATIVEDL_SIM_DEVICES", 3, 0, max_devices);
    return count;
}

unsigned worker_count()
{
    long cores = (long)std::thread::hardware_concurrency();
    static const unsigned count = (unsigned)number("NATIVEDL_SIM_WORKERS", cores < 1 ? 1 : cores > 4 ? 4 : cores, 1, 64);
    return count;
}
}
