using NativeDL.Layers;

namespace NativeDL.Tests.Autograd;

/// <summary>Gradients that would be 0 without a word: targets that no tape has seen, and tapes that cross threads or each other.</summary>
public sealed class SilentZeroTests
{
    private sealed class ReadOut : Loss
    {
        public override Tensor PerSample(Tensor target, Tensor prediction) => (target * prediction.Sum().Item()).Sum(-1);
    }

    private static GradientException Refused(Action ask) => Assert.Throws<GradientException>(ask);

    [Fact]
    public void A_target_that_was_never_recorded_is_refused_with_the_reason()
    {
        var w = new Parameter("head/kernel", Tensor.Ones([3]));
        var before = (w.Value * 2).Sum();
        Tensor aside = null!;
        void Refuses(Func<Tensor> target, params string[] told)
        {
            using var tape = new GradientTape(persistent: true);
            var y = target();
            foreach (var error in (GradientException[])[Refused(() => tape.Gradient(y, [w])), Refused(() => tape.Gradient(y, w.Value))])
                Assert.All((string[])["no gradient reaches", $"{nameof(SilentZeroTests)}.cs:", "Item()", .. told], part =>
                    Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.Contains("head/kernel", Refused(() => tape.Gradient(y, [w])).Message, StringComparison.Ordinal);
        }
        Refuses(() => before, "the tape has recorded nothing");
        Refuses(() => Tensor.Scalar((w.Value * 2).Sum().Item()), "none of the results");
        Refuses(() => w.Value.ArgMax(), "the target is Int32", "argmax");
        Refuses(() => (w.Value > 0).Cast(DType.Float32).Sum(), "gradients ended at greater");
        Refuses(() =>
        {
            var other = new Thread(() => aside = (w.Value * 2).Sum());
            other.Start();
            other.Join();
            return aside;
        }, "recorded nothing");
        Refuses(() => w.Value.StopGradient().Sum());
    }

    [Fact]
    public void Parameters_of_which_the_target_depends_on_none_are_refused()
    {
        Parameter used = new("used", Tensor.Ones([2])), other = new("other/kernel", Tensor.Ones([3]));
        using var tape = new GradientTape(persistent: true);
        var y = used.Value.Square().Sum();
        Assert.Contains("other/kernel", Refused(() => tape.Gradient(y, [other])).Message, StringComparison.Ordinal);
        // One that truly does not matter beside others that do is 0.
        Assert.Equal([0.0, 0, 0], tape.Gradient(y, [used, other])[1].ToDoubles());
    }

    [Fact]
    public void A_gradient_that_is_truly_0_stays_0()
    {
        // The slope of a linear function depends on nothing.
        using var outer = new GradientTape();
        var x = outer.Watch(Tensor.FromArray([1.0, 2]));
        Tensor slope;
        using (var inner = new GradientTape())
        {
            inner.Watch(x);
            slope = inner.Gradient(3 * x, x);
        }
        Assert.Equal([0.0, 0], outer.Gradient(slope.Square().Sum(), x).ToDoubles());
        Assert.True(GradCheck.RunSecondOrder(t => [t[0].Sum() * 2], [Tensor.FromArray([1.0, 2, 3])]).Passed);
    }

    [Fact]
    public void Fit_refuses_a_loss_that_no_parameter_reaches()
    {
        var model = new Sequential { new Dense(1) };
        model.Compile("sgd", new ReadOut());
        double[] Fitted()
        {
            var error = Refused(() => model.Fit(Tensor.Ones([4, 2]), Tensor.Ones([4, 1]), epochs: 1, batchSize: 2));
            Assert.Contains("Fit", error.Message, StringComparison.Ordinal);
            Assert.Contains("dense/kernel", error.Message, StringComparison.Ordinal);
            return model.Parameters[0].Value.ToDoubles();
        }
        Assert.Equal(Fitted(), Fitted());
    }

    [Fact]
    public void A_tape_that_crosses_a_thread_is_refused_with_both_threads()
    {
        var w = new Parameter("w", Tensor.Ones([2]));
        using var tape = new GradientTape(persistent: true);
        var y = w.Value.Square().Sum();
        var errors = new List<GradientException>();
        var other = new Thread(() =>
        {
            errors.Add(Refused(() => tape.Gradient(y, [w])));
            errors.Add(Refused(() => tape.Watch(Tensor.Ones([1]))));
            // Operations that would join two threads' tapes.
            using var own = new GradientTape();
            errors.Add(Refused(() => (w.Value * y).Sum()));
        });
        other.Start();
        other.Join();
        Assert.All(errors, e => Assert.Contains($"thread {other.ManagedThreadId}", e.Message, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.Contains($"thread {Environment.CurrentManagedThreadId}", e.Message, StringComparison.Ordinal));
        Assert.All(errors, e => Assert.Contains($"{nameof(SilentZeroTests)}.cs:", e.Message, StringComparison.Ordinal));
        Assert.Equal([2.0, 2], tape.Gradient(y, [w])[0].ToDoubles());
    }

    [Fact]
    public void A_tape_disposed_on_another_thread_is_refused_and_ended()
    {
        var tape = new GradientTape();
        var other = new Thread(() => Assert.Contains("GradientTape.Dispose", Refused(tape.Dispose).Message, StringComparison.Ordinal));
        other.Start();
        other.Join();
        Assert.False(GradientTape.IsRecording);
        tape.Dispose();
    }

    [Fact]
    public async Task Steps_with_an_await_in_the_tapes_body_are_right_or_refused()
    {
        var w = new Parameter("w", Tensor.Full([4], 2));
        int right = 0, refused = 0;
        async Task Step(int i)
        {
            using var tape = new GradientTape();
            if (i % 2 == 0) await Task.Yield();
            else await Task.Delay(1);
            var y = w.Value.Square().Sum();
            Assert.Equal([4.0, 4, 4, 4], tape.Gradient(y, [w])[0].ToDoubles());
        }
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            try
            {
                await Step(i);
                Interlocked.Increment(ref right);
            }
            catch (GradientException)
            {
                Interlocked.Increment(ref refused);
            }
        }));
        Assert.Equal(60, right + refused);
    }

    [Fact]
    public void What_a_thread_does_while_a_method_awaits_is_not_recorded()
    {
        var gate = new TaskCompletionSource();
        async Task Awaiting()
        {
            var tape = new GradientTape();
            await gate.Task;
            try { tape.Dispose(); }
            catch (GradientException) { }
        }
        bool recording = true;
        Task waits = null!;
        var thread = new Thread(() =>
        {
            waits = Awaiting();
            recording = GradientTape.IsRecording;
        });
        thread.Start();
        thread.Join();
        gate.SetResult();
        waits.Wait(TestContext.Current.CancellationToken);
        Assert.False(recording);
    }

    [Fact]
    public void Tapes_that_end_out_of_order_are_refused_with_both_places()
    {
        GradientTape outer = new(), inner = new();
        var error = Refused(outer.Dispose);
        Assert.Equal(2, error.Message.Split($"{nameof(SilentZeroTests)}.cs:").Length - 1);
        Assert.False(GradientTape.IsRecording);
        inner.Dispose();
        outer.Dispose();
        // A spent one has ended already.
        var w = new Parameter("w", Tensor.Ones([2]));
        using var spent = new GradientTape();
        using var later = new GradientTape();
        Assert.Equal([1.0, 1], spent.Gradient(w.Value.Sum(), [w])[0].ToDoubles());
        spent.Dispose();
    }

    [Fact]
    public void Eight_threads_watch_one_tensor()
    {
        var x = Tensor.RandomNormal([50], dtype: DType.Float64, random: new RandomState(3));
        var expected = (2 * x).ToDoubles();
        int wrong = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int i = 0; i < 200; i++)
            {
                using var tape = new GradientTape();
                tape.Watch(x);
                if (!tape.Gradient(x.Square().Sum(), x).ToDoubles().SequenceEqual(expected)) Interlocked.Increment(ref wrong);
            }
        });
        Assert.Equal(0, wrong);
        // Nothing stays on it.
        Assert.Null(x.Node);
    }

    [Fact]
    public void A_tensor_that_only_another_tape_watches_is_not_on_this_one()
    {
        var x = Tensor.Ones([2]);
        using var tape = new GradientTape();
        tape.Watch(x);
        Exception? told = null;
        var other = new Thread(() =>
        {
            using var own = new GradientTape();
            told = Refused(() => own.Gradient(x.Square().Sum(), x));
        });
        other.Start();
        other.Join();
        Assert.Contains("not on the tape", told!.Message, StringComparison.Ordinal);
        Assert.Equal([2.0, 2], tape.Gradient(x.Square().Sum(), x).ToDoubles());
    }
}
