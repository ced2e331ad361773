// Driver entry points for streams, events and graphs.
#include "driver.h"

namespace ndlsim
{
Result stream_of(Context& context, Stream* handle, Stream*& stream)
{
    // 0 is the default stream; 1 and 2 are its names for "legacy" and "per thread".
    stream = (std::uintptr_t)handle <= 2 ? &context.null_stream : handle;
    if (!context.streams.contains(stream)) return fail(InvalidHandle, "this stream was destroyed or belongs to another context");
    if (stream->capture != nullptr && stream->capture->invalid) return fail(CaptureInvalidated, "the capture of this stream failed before");
    return Success;
}
}

using namespace ndlsim;

API(cuStreamCreate)(Stream** stream, unsigned flags)
{
    LOCK;
    ENTER;
    *stream = new Stream{context, (flags & 1) == 0, false, {}, nullptr};
    context->streams.insert(*stream);
    return Success;
}

API(cuStreamDestroy_v2)(Stream* stream)
{
    LOCK;
    ENTER;
    if (!stream->context->streams.contains(stream) || stream->is_null) return fail(InvalidHandle, "this stream was destroyed before");
    Result result = drain(*stream);
    stream->context->streams.erase(stream);
    return result;   // the object stays, as marks may still point to it
}

API(cuStreamSynchronize)(Stream* handle)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    if (stream->capture != nullptr) return forbid_in_capture(*context, "cuStreamSynchronize");
    return stream->is_null ? drain_blocking(*context) : drain(*stream);
}

API(cuStreamQuery)(Stream* handle)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    if (stream->capture != nullptr) return forbid_in_capture(*context, "cuStreamQuery");
    if (stream->pending.empty()) return Success;
    if (Result r = step(*stream); r != Success) return r;   // asking again and again gets there
    return NotReady;
}

API(cuStreamWaitEvent)(Stream* handle, Event* event, unsigned)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    if (event->mark == nullptr) return Success;
    for (Stream* other : context->streams)
    {
        // Waiting for an event of a capture makes this stream part of it.
        if (other->capture == nullptr || !other->capture->marks.contains(event->mark.get())) continue;
        stream->capture = other->capture;
        stream->capture->streams.insert(stream);
        return Success;
    }
    Work work;
    work.wait = event->mark;
    return enqueue(*stream, std::move(work));
}

// ---- events ----------------------------------------------------------------------------------

API(cuEventCreate)(Event** event, unsigned flags)
{
    LOCK;
    ENTER;
    *event = new Event{nullptr, (flags & 2) == 0, context};
    return Success;
}

API(cuEventDestroy_v2)(Event* event)
{
    LOCK;
    ENTER;
    delete event;
    return Success;
}

API(cuEventRecord)(Event* event, Stream* handle)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    if (event->context != context) return fail(InvalidHandle, "the event belongs to another context than the stream");
    event->mark = std::make_shared<Mark>();
    Work work;
    work.reached = event->mark;
    return enqueue(*stream, std::move(work));
}

API(cuEventSynchronize)(Event* event)
{
    LOCK;
    ENTER;
    return event->mark == nullptr ? Success : run_until(event->mark);
}

API(cuEventQuery)(Event* event)
{
    LOCK;
    ENTER;
    if (event->mark == nullptr || event->mark->done) return Success;
    if (event->mark->stream != nullptr && !event->mark->stream->pending.empty())
        if (Result r = step(*event->mark->stream); r != Success) return r;
    return NotReady;
}

API(cuEventElapsedTime)(float* milliseconds, Event* start, Event* end)
{
    LOCK;
    ENTER;
    if (!start->mark || !end->mark || !start->timing || !end->timing) return fail(InvalidHandle, "both events must be recorded, with timing");
    if (!start->mark->done || !end->mark->done) return NotReady;
    *milliseconds = (float)((end->mark->seconds - start->mark->seconds) * 1e3);
    return Success;
}

// ---- graphs ----------------------------------------------------------------------------------

API(cuStreamBeginCapture_v2)(Stream* handle, int)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    if (stream->is_null) return fail(CaptureUnsupported, "the default stream cannot be captured");
    if (stream->capture != nullptr) return fail(CaptureUnsupported, "the stream is being captured already");
    stream->capture = new Capture{};
    stream->capture->origin = stream;
    stream->capture->streams.insert(stream);
    return Success;
}

API(cuStreamEndCapture)(Stream* stream, Graph** graph)
{
    LOCK;
    ENTER;
    *graph = nullptr;
    if (stream->capture == nullptr || stream->capture->origin != stream) return fail(CaptureUnmatched, "this stream did not begin a capture");
    std::unique_ptr<Capture> capture(stream->capture);
    for (Stream* s : capture->streams) s->capture = nullptr;
    if (capture->invalid) return fail(CaptureInvalidated, "the capture failed: " + last_message());
    for (auto& mark : capture->held) mark->done = true;
    *graph = new Graph(std::move(capture->graph));
    return Success;
}

API(cuStreamIsCapturing)(Stream* handle, int* status)
{
    LOCK;
    ENTER;
    Stream* stream = (std::uintptr_t)handle <= 2 ? &context->null_stream : handle;
    *status = stream->capture == nullptr ? 0 : stream->capture->invalid ? 2 : 1;
    return Success;
}

API(cuGraphInstantiateWithFlags)(GraphExec** exec, Graph* graph, unsigned long long)
{
    LOCK;
    ENTER;
    *exec = new GraphExec{graph->work};
    return Success;
}

API(cuGraphLaunch)(GraphExec* exec, Stream* handle)
{
    LOCK;
    ENTER;
    Stream* stream;
    if (Result r = stream_of(*context, handle, stream); r != Success) return r;
    Work work;
    auto steps = exec->work;
    work.run = [steps](Context& c)
    {
        for (const Work& w : steps) if (Result r = w.run(c); r != Success) return r;
        return Success;
    };
    return enqueue(*stream, std::move(work));
}

API(cuGraphGetNodes)(Graph* graph, void** nodes, size_t* count)
{
    LOCK;
    if (nodes != nullptr) return fail(NotSupported, "the nodes of a graph can only be counted");
    *count = graph->work.size();
    return Success;
}

API(cuGraphExecDestroy)(GraphExec* exec) { LOCK; delete exec; return Success; }
API(cuGraphDestroy)(Graph* graph) { LOCK; delete graph; return Success; }
