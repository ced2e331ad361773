// What the files with driver entry points share.
#pragma once
#include "device.h"

namespace ndlsim
{
Context* current();
Result enter(Context*& context);
Result stream_of(Context& context, Stream* handle, Stream*& stream);
void add_global(std::uintptr_t address, std::size_t bytes);
const char* error_name(Result code);
const char* error_text(Result code);
}

#define EXPORT __attribute__((visibility("default")))
#define API(name) extern "C" EXPORT ndlsim::Result name
#define LOCK std::lock_guard<std::recursive_mutex> lock_(ndlsim::gate())
#define ENTER \
    ndlsim::Context* context; \
    if (ndlsim::Result entered_ = ndlsim::enter(context); entered_ != ndlsim::Success) return entered_
