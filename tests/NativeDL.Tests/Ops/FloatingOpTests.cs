namespace NativeDL.Tests.Ops;

/// <summary>Own operations that call for exp, log and √, with a reduction, on several threads, in every floating-point type.</summary>
[Collection(nameof(Alone))]
public sealed class FloatingOpTests
{
    private static readonly Tensor X = Tensor.RandomNormal([5, 7], stddev: 3, dtype: DType.Float64, random: 1);

    [Theory]
    [InlineData(DType.Float64, 1e-14)]
    [InlineData(DType.Float32, 1e-6)]
    [InlineData(DType.BFloat16, 1.0 / 256)]
    [InlineData(DType.Float16, 1.0 / 2048)]
    public void A_reduction_with_exp_is_right_in_every_type(DType dtype, double relative)
    {
        var x = X.Cast(dtype);
        var y = new RowLogSumExp().Run(x);
        Assert.Equal((dtype, "row_log_sum_exp"), (y.DType, new RowLogSumExp().Name));
        Assert.True(y.Cast(DType.Float64).AllClose(x.Cast(DType.Float64).LogSumExp(-1), relative, relative));
        // Rounded once, at the end: what float32 gives, in two bytes.
        if (dtype.IsHalf()) Assert.Equal(new RowLogSumExp().Run(x.Cast(DType.Float32)).Cast(dtype).ToDoubles(), y.ToDoubles());
        Assert.Equal(y.ToDoubles(), new RowLogSumExp().Run(x.Transpose().Clone().Transpose()).ToDoubles());
    }

    [Fact]
    public void Its_gradients_pass_the_check()
    {
        Assert.True(GradCheck.Run(v => new RowLogSumExp().Run(v), X).Passed);
        Assert.True(GradCheck.RunSecondOrder(v => [new RowLogSumExp().Run(v[0])], [X]).Passed);
        Assert.True(GradCheck.Run(v => new Twice().Run(v), X).Passed);
    }

    [Fact]
    public void It_stands_in_a_graph()
    {
        var x = Model.Input(7);
        var model = new Model(x, x - new RowLogSumExp().Run(x).ExpandDims(-1));
        Assert.Equal(X.Cast(DType.Float32).LogSoftmax().ToDoubles(), model.Call(X.Cast(DType.Float32)).ToDoubles(), Near);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-5;

    [Fact]
    public void Whole_numbers_are_refused_before_anything_is_inferred()
    {
        string said = Assert.Throws<DTypeMismatchException>(() => new RowLogSumExp().Run(Tensor.Arange(3))).Message;
        Assert.StartsWith("row_log_sum_exp: the operand must be floating-point. Got Int32 [3]", said, StringComparison.Ordinal);
        Assert.Contains("override Compute", Assert.Throws<DeviceException>(() => new Unwritten().Run(X)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    [InlineData(DType.BFloat16)]
    public void Both_types_may_be_written_apart(DType dtype) => Assert.Equal((X.Cast(dtype) * 2).ToDoubles(), new Twice().Run(X.Cast(dtype)).ToDoubles());

    [Fact]
    public void Rows_give_the_same_bits_on_any_number_of_threads()
    {
        var x = Tensor.RandomNormal([3000, 37], random: 2);
        int before = Threads.Count;
        try
        {
            Threads.Count = 1;
            double[] alone = new RowLogSumExp().Run(x).ToDoubles(), all = new Shares().RunMany(x, x[0])[0].ToDoubles();
            foreach (int threads in new[] { 2, 5 })
            {
                Threads.Count = threads;
                Assert.Equal(alone, new RowLogSumExp().Run(x).ToDoubles());
                Assert.Equal(all, new Shares().RunMany(x, x[0])[0].ToDoubles());
            }
        }
        finally
        {
            Threads.Count = before;
        }
        Assert.True(new RowLogSumExp().Run(x).AllClose(x.LogSumExp(-1)));
    }

    [Fact]
    public void Rows_know_which_they_are_and_what_they_share()
    {
        var x = Tensor.RandomUniform([3000, 37], random: 2);
        var found = new Shares().RunMany(x, x[0]);
        Assert.True(found[0].AllClose(x * x[0] / x.Sum(-1, keepDims: true)));
        Assert.Equal(Tensor.Arange(3000).ToArray<int>(), found[1].ToArray<int>());
        Assert.Equal([0, 37], new Shares().RunMany(Tensor.Zeros([0, 37]), x[0])[0].Shape);
        Assert.Equal([4, 0], new Shares().RunMany(Tensor.Zeros([4, 0]), Tensor.Zeros([0]))[0].Shape);
    }

    [Theory]
    [InlineData(0, "wrong_rows: the first axes of operand 1 are not the rows. Got [7] for 5 rows. Hint: rows.Whole<T>(1) for what all rows share.")]
    [InlineData(1, "wrong_rows: there is no operand 2. Got 2 operands; expected 3 or more.")]
    [InlineData(2, "wrong_rows: there is no result 1. Got ResultCount 1; expected 2 or more. Hint: override ResultCount.")]
    [InlineData(3, "wrong_rows: the number of rows is negative. Got -1.")]
    [InlineData(4, "wrong_rows: the elements are not of the size of Int16. Got Float64 [5, 7]. Hint: take Compute's own T, or the type of this operand.")]
    public void What_rows_refuse_names_the_operation(int how, string said) =>
        Assert.Equal(said, Assert.ThrowsAny<NativeDLException>(() => new WrongRows(how).Run(X, X[0])).Message);

    // log Σ e^x of each row: [r, n] -> [r].
    private sealed class RowLogSumExp : FloatingOp
    {
        protected override Saved Saves => Saved.Both;

        protected override void Infer(Operands x, Results y) => y.Set(0, x[0].Shape[..^1], x[0].DType);

        protected override void Compute<T>(Operands x, Results y)
        {
            int n = x[0].Shape[^1];
            ByRows(y[0].ElementCount, x, y, rows =>
            {
                var a = rows.Operand<T>(0);
                var b = rows.Result<T>(0);
                for (int r = 0; r < rows.Count; r++)
                {
                    T max = T.NegativeInfinity, sum = T.Zero;
                    foreach (var v in a.Slice(r * n, n)) max = T.Max(max, v);
                    foreach (var v in a.Slice(r * n, n)) sum += T.Exp(v - max);
                    b[r] = max + T.Log(sum);
                }
            });
        }

        protected override Tensors Backward(BackwardCall call) => call.Gradient().ExpandDims(-1) * (call.Input(0) - call.Output().ExpandDims(-1)).Exp();
    }

    // y = 2x, as languages write it that override no generic method.
    private sealed class Twice : FloatingOp
    {
        protected override void Infer(Operands x, Results y) => y.Set(0, x[0]);

        protected override void ComputeFloat32(Operands x, Results y)
        {
            for (int i = 0; i < x[0].ElementCount; i++) y.Span<float>(0)[i] = x.Span<float>(0)[i] * 2;
        }

        protected override void ComputeFloat64(Operands x, Results y)
        {
            for (int i = 0; i < x[0].ElementCount; i++) y.Span<double>(0)[i] = x.Span<double>(0)[i] * 2;
        }

        protected override Tensors Backward(BackwardCall call) => call.Gradient() * 2;
    }

    // x·f / Σ x of each row, with a factor f for each column, and the number of each row.
    private sealed class Shares : FloatingOp
    {
        protected override int ResultCount => 2;

        protected override void Infer(Operands x, Results y)
        {
            y[0] = x[0];
            y.Set(1, x[0].Shape[..^1], DType.Int32);
        }

        protected override void Compute<T>(Operands x, Results y)
        {
            int n = x[0].Shape[^1];
            ByRows(x[0].Shape[0], x, y, rows =>
            {
                ReadOnlySpan<T> a = rows.Operand<T>(0), f = rows.Whole<T>(1);
                var b = rows.Result<T>(0);
                var number = rows.Result<int>(1);
                for (int r = 0; r < rows.Count; r++)
                {
                    var sum = T.Zero;
                    for (int i = 0; i < n; i++) sum += a[r * n + i];
                    for (int i = 0; i < n; i++) b[r * n + i] = a[r * n + i] * f[i] / sum;
                    number[r] = (int)rows.First + r;
                }
            });
        }

        protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody asks");
    }

    private sealed class WrongRows(int how) : FloatingOp
    {
        protected override void Infer(Operands x, Results y) => y[0] = x[0];

        protected override void Compute<T>(Operands x, Results y) => ByRows(how == 3 ? -1 : 5, x, y, rows =>
        {
            _ = how switch
            {
                0 => rows.Operand<T>(1).Length,
                1 => rows.Operand<T>(2).Length,
                2 => rows.Result<T>(1).Length,
                _ => rows.Operand<short>(0).Length,
            };
        });

        protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody asks");
    }

    private sealed class Unwritten : FloatingOp
    {
        protected override void Infer(Operands x, Results y) => y[0] = x[0];

        protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody asks");
    }
}
