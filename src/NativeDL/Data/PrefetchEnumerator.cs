using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace NativeDL.Data;

/// <summary>
/// Runs an enumeration on a thread of its own, with the maker's default device, up to a number of elements ahead. Its
/// errors come out of <see cref="MoveNext"/>.
/// </summary>
internal sealed class PrefetchEnumerator<T> : IEnumerator<T>
{
    private readonly BlockingCollection<T> ready;
    private readonly CancellationTokenSource stop = new();
    private readonly Thread thread;
    private ExceptionDispatchInfo? error;
    private bool disposed;

    public PrefetchEnumerator(IEnumerable<T> source, int ahead)
    {
        ready = new BlockingCollection<T>(ahead);
        var device = Device.Default;
        thread = new Thread(() => Produce(source, device)) { IsBackground = true, Name = "NativeDL prefetch" };
        thread.Start();
    }

    public T Current { get; private set; } = default!;

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        if (ready.TryTake(out var next, Timeout.Infinite))
        {
            Current = next;
            return true;
        }
        error?.Throw();
        return false;
    }

    public void Reset() => throw new NotSupportedException("A pass cannot be wound back; enumerate again.");

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        stop.Cancel();
        thread.Join();
        ready.Dispose();
        stop.Dispose();
    }

    private void Produce(IEnumerable<T> source, Device device)
    {
        using var use = Device.Use(device);
        try
        {
            foreach (var item in source)
                ready.Add(item, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The consumer left early.
        }
        catch (Exception failure)
        {
            // Thrown again where the consumer waits for the next element.
            error = ExceptionDispatchInfo.Capture(failure);
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
