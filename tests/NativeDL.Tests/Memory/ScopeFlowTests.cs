using System.Runtime.CompilerServices;

namespace NativeDL.Tests.Memory;

/// <summary>Scopes and the default device beside awaits and threads.</summary>
public sealed class ScopeFlowTests
{
    private static NewThread Elsewhere() => default;

    // What awaits it goes on on a thread of its own.
    private readonly struct NewThread : INotifyCompletion
    {
        public bool IsCompleted => false;

        public NewThread GetAwaiter() => this;

        public void OnCompleted(Action continuation) => new Thread(() => continuation()).Start();

        public void GetResult() { }
    }

    [Fact]
    public void A_scope_that_crosses_a_thread_is_refused_with_both_threads()
    {
        var scope = TensorScope.Begin();
        var inside = Tensor.Ones([3]);
        var errors = new List<Exception>();
        var other = new Thread(() =>
        {
            errors.Add(Assert.Throws<InvalidInputException>(() => scope.Keep(inside)));
            errors.Add(Assert.Throws<InvalidInputException>(scope.Dispose));
        });
        other.Start();
        other.Join();
        Assert.All(errors, e => Assert.Contains($"{nameof(ScopeFlowTests)}.cs:", e.Message, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.Contains($"thread {other.ManagedThreadId}", e.Message, StringComparison.Ordinal));
        // It has ended, and this thread's tensors are nobody's again.
        Assert.Throws<ObjectDisposedException>(() => inside + 1);
        var after = Tensor.Ones([3]);
        scope.Dispose();
        Assert.Equal(3, after.Sum().Item());
    }

    [Fact]
    public void What_a_thread_does_while_a_method_awaits_is_not_in_its_scope()
    {
        // Begins a scope and comes back to its caller at the await, on the caller's thread.
        var gate = new TaskCompletionSource();
        async Task Awaiting()
        {
            var scope = TensorScope.Begin();
            await gate.Task;
            try { scope.Dispose(); }
            catch (InvalidInputException) { }
        }
        Tensor innocent = null!;
        Task waits = null!;
        var thread = new Thread(() =>
        {
            waits = Awaiting();
            innocent = Tensor.Ones([3]);
        });
        thread.Start();
        thread.Join();
        gate.SetResult();
        waits.Wait(TestContext.Current.CancellationToken);
        Assert.Equal(3, innocent.Sum().Item());
    }

    [Fact]
    public async Task A_method_that_comes_back_to_its_thread_has_its_scope_again()
    {
        using (var outer = TensorScope.Begin())
        {
            Tensor x = Tensor.Ones([2]), kept = outer.Keep(Tensor.Ones([2]));
            Assert.Equal(4, (x + kept).Sum().Item());
        }
        await Elsewhere();
        using var again = TensorScope.Begin();
        Assert.Equal(2, again.Keep(Tensor.Ones([2])).Sum().Item());
    }

    [Fact]
    public void The_default_device_comes_back_whatever_order_uses_end_in()
    {
        var before = Device.Default;
        IDisposable first = Device.Use(Cuda.CudaTest.Device), second = Device.Use(Device.Cpu);
        first.Dispose();
        Assert.Equal(Device.Cpu, Device.Default);
        second.Dispose();
        Assert.Equal(before, Device.Default);
        first.Dispose();
        Assert.Equal(before, Device.Default);
    }
}
