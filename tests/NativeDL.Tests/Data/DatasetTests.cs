namespace NativeDL.Tests.Data;

public class DatasetTests
{
    [Fact]
    public void Batches_hold_every_example_once_and_in_order()
    {
        var batches = Numbers(10).Batch(4);
        Assert.Equal(3, batches.Count);
        Assert.Equal([4, 4, 2], batches.Select(b => b.Count));
        Assert.Equal(Enumerable.Range(0, 10), Labels(batches));
        Assert.Equal(Shape.Of(4, 2), batches.First().X.Shape);
        Assert.Equal([0f, 0.5f, 1, 1.5f], batches.First().X.ToArray<float>()[..4]);
    }

    [Fact]
    public void The_remainder_can_be_dropped()
    {
        var batches = Numbers(10).Batch(4, dropRemainder: true);
        Assert.Equal(2, batches.Count);
        Assert.Equal(8, batches.ExampleCount);
        Assert.Equal([4, 4], batches.Select(b => b.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(64)]
    public void A_shuffled_pass_holds_every_example_once(int size)
    {
        var shuffled = Numbers(10).Shuffle(new RandomState(1)).Batch(size);
        for (var pass = 0; pass < 5; pass++)
            Assert.Equal(Enumerable.Range(0, 10), Labels(shuffled).Order());
    }

    [Fact]
    public void Each_pass_has_a_new_order_and_equal_seeds_have_equal_orders()
    {
        var first = Numbers(50).Shuffle(new RandomState(7)).Batch(50);
        var again = Numbers(50).Shuffle(new RandomState(7)).Batch(8).Prefetch(3);
        var one = Labels(first);
        Assert.Equal(one, Labels(again));
        var two = Labels(first);
        Assert.Equal(two, Labels(again));
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void Features_stay_with_their_labels()
    {
        foreach (var batch in Numbers(20).Shuffle(new RandomState(3)).Skip(3).Batch(6))
            Assert.Equal(batch.Y.ToArray<int>().SelectMany(y => new[] { y, y + 0.5f }), batch.X.ToArray<float>());
    }

    [Fact]
    public void Take_and_skip_cut_without_overlap_also_when_shuffled()
    {
        var shuffled = Numbers(20).Shuffle(new RandomState(5));
        var rest = shuffled.Skip(5);
        Labels(shuffled.Batch(20));
        var first = shuffled.Take(5);
        Assert.Equal(Enumerable.Range(0, 20), Labels(rest.Batch(4)).Concat(Labels(first.Batch(4))).Order());
        Assert.Equal([3, 4], Labels(Numbers(20).Skip(3).Take(2).Batch(9)));
        Assert.Equal(20, Numbers(20).Take(99).Count);
        Assert.Equal(0, Numbers(20).Skip(99).Count);
    }

    [Fact]
    public void Split_cuts_in_two_with_and_without_a_seed()
    {
        var (first, second) = Numbers(10).Split(0.75);
        Assert.Equal(Enumerable.Range(0, 8), Labels(first.Batch(3)));
        Assert.Equal([8, 9], Labels(second.Batch(3)));

        var (a, b) = Numbers(10).Split(0.3, seed: 11);
        var (c, _) = Numbers(10).Split(0.3, seed: 11);
        Assert.Equal(3, a.Count);
        Assert.Equal(Labels(a.Batch(3)), Labels(c.Batch(3)));
        Assert.Equal(Enumerable.Range(0, 10), Labels(a.Batch(3)).Concat(Labels(b.Batch(3))).Order());
        Assert.Equal((0, 10), (Numbers(10).Split(0).First.Count, Numbers(10).Split(0).Second.Count));
        Assert.Throws<InvalidInputException>(() => Numbers(10).Split(1.5));
        Assert.Throws<InvalidInputException>(() => Numbers(10).Split(double.NaN));
    }

    [Fact]
    public void Maps_run_in_the_order_they_were_added()
    {
        var mapped = Numbers(4).Map(b => b with { Y = b.Y.Reshape(4, 1) }).Batch(4).Map(b => new Batch(b.Y, b.X));
        var batch = Assert.Single(mapped);
        Assert.Equal(Shape.Of(4, 1), batch.X.Shape);
        Assert.Equal(Shape.Of(4, 2), batch.Y.Shape);
    }

    [Fact]
    public void Prefetching_changes_no_batch()
    {
        for (var ahead = 0; ahead < 4; ahead++)
            Assert.Equal(Enumerable.Range(0, 100), Labels(Numbers(100).Batch(7).Prefetch(ahead)));
    }

    [Fact]
    public void An_error_while_prefetching_reaches_the_loop()
    {
        var seen = 0;
        var batches = Numbers(10).Batch(1).Map(b => seen++ < 3 ? b : throw new ArithmeticException("bad example")).Prefetch(2);
        var good = 0;
        Assert.Throws<ArithmeticException>(() =>
        {
            foreach (var _ in batches)
                good++;
        });
        Assert.Equal(3, good);
    }

    [Fact]
    public void A_loop_over_prefetched_batches_may_be_left()
    {
        Thread? maker = null;
        var made = new List<WeakReference>();
        var batches = Numbers(1000).Batch(1).Map(b =>
        {
            maker = Thread.CurrentThread;
            made.Add(new WeakReference(b.Y));
            return b;
        }).Prefetch(2);
        Leave(batches);

        // The thread has ended, no further ahead than it may be, and nobody holds what it made.
        Assert.NotSame(Thread.CurrentThread, maker);
        Assert.False(maker!.IsAlive);
        Assert.InRange(made.Count, 4, 4 + 2 + 1);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(made, batch => batch.IsAlive);

        // The next pass has all of them again.
        Assert.Equal(Enumerable.Range(0, 1000), Labels(batches));

        // On its own, so that no local keeps a batch.
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Leave(Batches batches)
        {
            foreach (var batch in batches)
                if (batch.Y.ToArray<int>()[0] == 3)
                    break;
        }
    }

    [Fact]
    public void Several_inputs_are_cut_alike()
    {
        var x = Tensor.FromArray([0f, 1, 2, 3]);
        var data = new Dataset([x, Tensor.FromArray(new float[4, 2])], Tensor.FromArray([0, 1, 2, 3]));
        var batch = data.Skip(1).Batch(2).First();
        Assert.Equal(2, batch.Inputs.Count);
        Assert.Equal([1f, 2], batch.Inputs[0].ToArray<float>());
        Assert.Equal(Shape.Of(2, 2), batch.Inputs[1].Shape);
    }

    [Fact]
    public void Views_are_batched_as_their_copies()
    {
        var x = Tensor.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Transpose();
        var batch = new Dataset(x, Tensor.FromArray([0, 1, 2])).Skip(1).ToBatch();
        Assert.Equal([2f, 5, 3, 6], batch.X.ToArray<float>());
    }

    [Fact]
    public void Strided_tensors_are_laid_out_once_and_outlive_the_scope()
    {
        var x = Tensor.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var y = Tensor.FromArray(new[,] { { 0, 1, 2 }, { 3, 4, 5 } });
        Dataset data;
        using (TensorScope.Begin())
            data = new Dataset(x.Transpose(), y.Transpose());
        Assert.All(data.Inputs, t => Assert.True(t.IsContiguous));
        Assert.True(data.Y.IsContiguous);
        Assert.Equal([1f, 4, 2, 5, 3, 6], data.ToBatch().X.ToArray<float>());
        Assert.Equal([1, 4], data.Skip(1).Take(1).ToBatch().Y.ToArray<int>());

        var contiguous = new Dataset(x, Tensor.FromArray([0, 1]));
        Assert.Same(x, Assert.Single(contiguous.Inputs));
    }

    [Fact]
    public void Random_maps_draw_the_same_numbers_with_and_without_prefetching()
    {
        var expected = Drawn(0);
        Assert.Equal(20, expected.Distinct().Count());
        for (var ahead = 1; ahead < 4; ahead++)
            Assert.Equal(expected, Drawn(ahead));

        // Two passes, while the training draws from the same source.
        static List<double> Drawn(int ahead)
        {
            var random = new RandomState(5);
            var drawn = new List<double>();
            var batches = Numbers(10).Batch(1).Map((b, own) => b with { Y = Tensor.FromArray([own.NextDouble()]) }, random)
                .Map(b => b with { Y = b.Y * 2 }).Prefetch(ahead);
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var batch in batches)
                {
                    drawn.Add(batch.Y.Item());
                    random.NextDouble();
                }
            }
            return drawn;
        }
    }

    [Fact]
    public void Prefetching_computes_on_the_callers_default_device()
    {
        var elsewhere = new Elsewhere();
        List<Device> seen = [];
        var batches = Numbers(3).Batch(1).Map(b =>
        {
            seen.Add(Device.Default);
            return b;
        }).Prefetch(2);
        using (Device.Use(elsewhere))
            foreach (var _ in batches)
                continue;
        Assert.Equal([elsewhere, elsewhere, elsewhere], seen);
    }

    [Fact]
    public void An_empty_data_set_and_a_batch_of_none_are_refused()
    {
        var empty = Assert.Throws<InvalidInputException>(() => Numbers(5).Take(0).Batch(2));
        Assert.Contains("the data set is empty", empty.Message, StringComparison.Ordinal);
        var none = Assert.Throws<InvalidInputException>(() => Numbers(5).Batch(0));
        Assert.Contains("Got 0; expected 1 or more", none.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => Numbers(5).Take(-1));
        Assert.Throws<InvalidInputException>(() => Numbers(5).Batch(1).Prefetch(-1));
    }

    [Fact]
    public void Features_and_labels_must_have_as_many_rows()
    {
        var error = Assert.Throws<ShapeMismatchException>(() => new Dataset(Tensor.FromArray(new float[3, 2]), Tensor.FromArray([1, 2])));
        Assert.Contains("[3, 2]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => new Dataset(Tensor.Scalar(1), Tensor.Scalar(1)));
    }

    [Fact]
    public void A_pair_is_a_data_set_and_a_data_set_comes_apart()
    {
        Tensor x = Tensor.FromArray([0f, 1, 2, 3]), y = Tensor.FromArray([0, 1, 2, 3]);
        Dataset one = (x, y);
        Dataset two = ([x, x], y);
        Dataset both = ([x, x], [y, y]);
        Dataset weighted = (x, y, Tensor.FromArray([1f, 1, 2, 0]));
        Assert.Equal([(1, 1), (2, 1), (2, 2), (1, 1)], new[] { one, two, both, weighted }.Select(d => (d.Inputs.Count, d.Targets.Count)));
        var ((a, b), (c, d)) = Datasets.Digits();
        Assert.Equal((1442, 1442, 355, 355), (a.Shape[0], b.Shape[0], c.Shape[0], d.Shape[0]));
        foreach (var (_, _, weight) in one.Batch(4)) Assert.Null(weight);
        foreach (var (_, _, weight) in weighted.Batch(4)) Assert.Equal([1f, 1, 2, 0], weight!.ToArray<float>());
    }

    [Fact]
    public void A_data_set_comes_apart_in_its_own_order()
    {
        var shuffled = Numbers(20).Shuffle(new RandomState(3)).Skip(2);
        var (x, y) = shuffled;
        Assert.Equal(Labels(shuffled.Batch(18)), y.ToArray<int>());
        Assert.Equal(y.ToArray<int>().Select(i => i + 0.5f), x[.., 1].ToArray<float>());
        Assert.Equal([6, 8], Numbers(5).Skip(3).Map(b => b with { Y = b.Y * 2 }).Y.ToArray<int>());
        Assert.Equal(0, Numbers(5).Take(0).X.Shape[0]);
    }

    [Fact]
    public void Several_tensors_and_none_are_told_apart_by_the_error()
    {
        var x = Tensor.FromArray([0f, 1]);
        string several = Assert.Throws<InvalidInputException>(() => new Batch([x, x], x).X).Message;
        Assert.Contains("Batch.Inputs", several, StringComparison.Ordinal);
        Assert.Contains("there are 2", several, StringComparison.Ordinal);
        Assert.Contains("Batch.Targets", Assert.Throws<InvalidInputException>(() => new Dataset(x).Y).Message, StringComparison.Ordinal);
        Assert.Equal("Batch(inputs (Float32 [2], Float32 [2]), targets (Float32 [2]))", $"{new Batch([x, x], x)}");
    }

    [Fact]
    public void Rows_are_taken_by_their_numbers_and_may_repeat()
    {
        Assert.Equal([4, 4, 1], Numbers(5).Rows(4, 4, 1).Y.ToArray<int>());
        Assert.Equal([4, 2], Numbers(5).Skip(1).Rows(3, 1).Y.ToArray<int>());
        Assert.Equal([3], Numbers(5).Rows(4, 3).Rows(1).Y.ToArray<int>());
        Assert.Equal(0, Numbers(5).Rows().Count);
        Assert.Contains("Got 5 of 5; expected 0 to 4", Assert.Throws<InvalidInputException>(() => Numbers(5).Rows(5)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => Numbers(5).Rows(-1));
    }

    [Fact]
    public void Folds_hold_every_example_back_once()
    {
        var folds = Numbers(11).KFold(3, new RandomState(1));
        Assert.Equal([4, 4, 3], folds.Select(f => f.Held.Count));
        Assert.Equal(Enumerable.Range(0, 11), folds.SelectMany(f => f.Held.Y.ToArray<int>()).Order());
        Assert.All(folds, f => Assert.Equal(Enumerable.Range(0, 11), f.Train.Y.ToArray<int>().Concat(f.Held.Y.ToArray<int>()).Order()));
        Assert.Equal(folds[0].Held.Y.ToArray<int>(), Numbers(11).KFold(3, new RandomState(1))[0].Held.Y.ToArray<int>());
        Assert.Throws<InvalidInputException>(() => Numbers(11).KFold(1));
        Assert.Throws<InvalidInputException>(() => Numbers(3).KFold(4));
    }

    [Fact]
    public void Data_sets_are_put_together_in_order()
    {
        Assert.Equal([3, 4, 0, 1], Numbers(5).Skip(3).Concat(Numbers(2)).Y.ToArray<int>());
        Assert.Throws<InvalidInputException>(() => Numbers(5).Concat(new Dataset(Numbers(5).X)));
        Assert.Throws<ShapeMismatchException>(() => Numbers(5).Concat((Tensor.Zeros([2, 3]), Tensor.FromArray([0, 1]))));
    }

    [Fact]
    public void Weights_and_masks_are_cut_with_the_rows()
    {
        var x = Tensor.FromArray(new float[4, 2]);
        var data = new Dataset(x, Tensor.FromArray([0, 1, 2, 3]), Tensor.FromArray([0f, 1, 2, 3]),
            Tensor.FromArray(new[,] { { true, false }, { true, true }, { false, false }, { false, true } }));
        var batch = data.Rows(3, 1).ToBatch();
        Assert.Equal([3f, 1], batch.SampleWeights[0].ToArray<float>());
        Assert.Equal([false, true, true, true], batch.Masks[0].ToArray<bool>());
        Assert.Throws<ShapeMismatchException>(() => new Dataset(x, Tensor.FromArray([0, 1, 2, 3]), Tensor.FromArray([1f, 2])));
    }

    private static Dataset Numbers(int n) => new(
        Tensor.FromArray([.. Enumerable.Range(0, n).SelectMany(i => new[] { i, i + 0.5f })], [n, 2]),
        Tensor.FromArray([.. Enumerable.Range(0, n)]));

    /// <summary>A device on which nothing can be computed.</summary>
    private sealed unsafe class Elsewhere() : Device("elsewhere")
    {
        public override MemoryStats MemoryStats() => default;

        public override long TrimPool() => 0;

        internal override void Execute(Op op, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs) => throw new NotSupportedException();

        internal override void CopyFrom(Tensor source, nint target, long bytes) => throw new NotSupportedException();

        internal override void Copy(Tensor source, Tensor target) => throw new NotSupportedException();

        internal override void Fill(Tensor target, double value) => throw new NotSupportedException();

        internal override DeviceUpdate UpdateOf(Tensor[] values, Tensor[][] slots, int[] groups) => throw new NotSupportedException();

        internal override void MarkNotFinite(Tensor x, Tensor marks, int place) => throw new NotSupportedException();

        internal override void Convert(Tensor source, Tensor target) => throw new NotSupportedException();

        internal override NativeDL.Storage Allocate(long bytes, out nint address) => throw new NotSupportedException();

        internal override void Upload(void* source, nint target, long bytes) => throw new NotSupportedException();

        internal override void Download(nint source, void* target, long bytes) => throw new NotSupportedException();
    }

    private static int[] Labels(Batches batches) => [.. batches.SelectMany(b => b.Y.ToArray<int>())];
}
