// The kernel modules (one shared object per .cu file) that lie beside the simulator, and module images.
#pragma once
#include "engine.h"
#include <map>
#include <string>

namespace ndlsim
{
struct Module
{
    const ndlsim_module_info* info;
    void* library;
};

// Loads every module of the folder kernels/ beside this library, once. Returns an error text or nothing.
std::string load_modules();
const std::map<std::string, Kernel>& kernels();

// All kernels with their parameters, a line each: "module name p8 i4 ...". Also a valid module image.
std::string manifest();

// Reads the kernel names of an image: PTX, or a manifest. Checks parameter sizes against the compiled kernels.
// Returns an error text or nothing.
std::string read_image(const char* text, std::vector<std::string>& names);
}
