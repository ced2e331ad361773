// Work given to a stream waits until somebody asks for its result, which is as late as a real device may
// run it: a missing synchronization or a missing event shows every time, not once in a thousand runs.
#include "device.h"
#include <chrono>

namespace ndlsim
{
constexpr std::size_t most_pending = 4096;

std::recursive_mutex& gate() { static auto* g = new std::recursive_mutex; return *g; }

static std::string& message() { static auto* text = new std::string; return *text; }
const std::string& last_message() { return message(); }
Result fail(Result code, const std::string& text)
{
    message() = text;
    return code;
}

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Runs the oldest work of a stream.
Result step(Stream& stream)
{
    Work work = std::move(stream.pending.front());
    stream.pending.pop_front();
    Context& context = *stream.context;
    Result result = context.sticky;
    if (work.wait) if (Result waited = run_until(work.wait); waited != Success) result = waited;
    if (result == Success && work.run) result = work.run(context);
    if (work.reached)
    {
        work.reached->done = true;
        work.reached->seconds = now();
    }
    return result;
}

Result run_until(const std::shared_ptr<Mark>& mark)
{
    Result result = Success;
    while (!mark->done && mark->stream != nullptr && !mark->stream->pending.empty())
        if (Result r = step(*mark->stream); r != Success) result = r;
    return result;
}

Result drain(Stream& stream)
{
    Result result = stream.context->sticky;
    while (!stream.pending.empty())
        if (Result r = step(stream); r != Success) result = r;
    return result;
}

// What the legacy default stream waits for before it does anything.
Result drain_blocking(Context& context)
{
    Result result = context.sticky;
    for (Stream* s : context.streams)
        if (s->blocking) if (Result r = drain(*s); r != Success) result = r;
    return result;
}

Result drain_all(Context& context)
{
    Result result = context.sticky;
    // The youngest stream first: an order that nobody should rely on.
    for (auto s = context.streams.rbegin(); s != context.streams.rend(); ++s)
        if (Result r = drain(**s); r != Success) result = r;
    return result;
}

Result enqueue(Stream& stream, Work work)
{
    Context& context = *stream.context;
    if (context.sticky != Success) return context.sticky;
    if (stream.capture != nullptr)
    {
        if (work.reached)
        {
            stream.capture->marks.insert(work.reached.get());
            stream.capture->held.push_back(work.reached);
            work.reached->stream = nullptr;
            return Success;
        }
        if (work.run) stream.capture->graph.work.push_back(std::move(work));
        return Success;
    }
    if (stream.is_null)
        if (Result r = drain_blocking(context); r != Success) return r;
    if (work.reached) work.reached->stream = &stream;
    stream.pending.push_back(std::move(work));
    if (stream.is_null || options(context.device).eager) return drain(stream);
    while (stream.pending.size() > most_pending)
        if (Result r = step(stream); r != Success) return r;
    return Success;
}

Result forbid_in_capture(Context& context, const char* what, bool by_default_stream)
{
    for (Stream* s : context.streams)
    {
        // The default stream has nothing to do with streams that do not wait for it.
        if (s->capture == nullptr || (by_default_stream && !s->blocking)) continue;
        s->capture->invalid = true;
        return fail(CaptureUnsupported, std::string(what) + " is not allowed while a stream is being captured");
    }
    return Success;
}
}
