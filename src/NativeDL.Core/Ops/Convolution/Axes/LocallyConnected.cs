namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// A convolution over sequences whose kernel is another at each place, without padding: y[n, i, f] = b + Σ x[n, i·s + u, c] · kernel[i, u, c, f].
    /// <c>x [N, T, C], kernel [OT, K, C, F], bias [F] or [OT, F] -> [N, OT, F]</c>
    /// </summary>
    /// <param name="kernel">The kernels of all places.</param>
    /// <param name="bias">A number for each filter, or for each filter of each place, or null.</param>
    /// <param name="strides">Steps from one result to the next.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit: OT = (T − K) / strides + 1, rounded down.</exception>
    public Tensor LocallyConnected1D(Tensor kernel, Tensor? bias = null, int strides = 1) => LocallyConnected("locally_connected1d", kernel, bias, [strides]);

    /// <summary>
    /// A convolution over images whose kernel is another at each place, without padding:
    /// y[n, i, j, f] = b + Σ x[n, i·s + u, j·s + v, c] · kernel[i, j, u, v, c, f].
    /// <c>x [N, H, W, C], kernel [OH, OW, KH, KW, C, F], bias [F] or [OH, OW, F] -> [N, OH, OW, F]</c>
    /// </summary>
    /// <param name="kernel">The kernels of all places.</param>
    /// <param name="bias">A number for each filter, or for each filter of each place, or null.</param>
    /// <param name="strides">Pixels from one result to the next; 1 when not given.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit: OH = (H − KH) / strides + 1, rounded down, and so across.</exception>
    public Tensor LocallyConnected2D(Tensor kernel, Tensor? bias = null, Size2D strides = default) =>
        LocallyConnected("locally_connected2d", kernel, bias, [strides.Or(1).Height, strides.Or(1).Width]);

    private Tensor LocallyConnected(string op, Tensor kernel, Tensor? bias, int[] strides)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (strides.Min() < 1) throw Error.Input(op, "strides must be 1 or more", $"{string.Join(", ", strides)}");
        var y = new LocallyConnectedOp(strides).Run(this, kernel);
        if (bias is null) return y;
        if (!bias.Shape.IsCompatible(y.Shape[^1..]) && !bias.Shape.IsCompatible(y.Shape[1..]))
            throw Error.Shape(op, "the bias does not fit the kernel", $"bias {bias.Shape} and kernel {kernel.Shape}",
                $"bias {y.Shape[^1..]} or {y.Shape[1..]}");
        return y + bias;
    }
}

/// <summary>y of each place = its windows times its kernel: one product for each place, of all samples.</summary>
internal sealed partial class LocallyConnectedOp(int[] strides) : ComposedOp, IOp
{
    public override string Name => strides.Length == 1 ? "locally_connected1d" : "locally_connected2d";

    protected override bool Widens => false;

    protected override void Infer(Operands x, Results y)
    {
        RequireSameDType(x);
        RequireFloating(x[0]);
        Shape data = x[0].Shape, kernel = x[1].Shape;
        int axes = strides.Length;
        string layout = axes == 1 ? "x [N, T, C] and kernel [OT, K, C, F]" : "x [N, H, W, C] and kernel [OH, OW, KH, KW, C, F]";
        if (data.Rank != axes + 2 || kernel.Rank != 2 * axes + 2 || !Shape.IsSame(data.Dimension(^1), kernel.Dimension(^2)))
            throw Error.Shape(Name, "the kernel does not fit the data", $"x {data} and kernel {kernel}", layout);
        var result = data.ToArray();
        for (int i = 0; i < axes; i++)
        {
            int places = Way(i, data, kernel).Results;
            if (places == 0 || kernel.Dimension(axes + i) == 0 || !Shape.IsSame(places, kernel.Dimension(i)))
                throw Error.Shape(Name, $"there must be a kernel for each place along axis {1 + i}", $"x {data}, kernel {kernel}, stride {strides[i]}", layout);
            result[1 + i] = places == Shape.None ? kernel.Dimension(i) : places;
        }
        result[^1] = kernel.Dimension(^1);
        y.Set(0, result, x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        Shape data = x[0].Shape, kernel = x[1].Shape;
        int axes = strides.Length, n = data[0], filters = kernel[^1];
        var windows = x[0];
        for (int i = 0; i < axes; i++) windows = windows.SlidingWindows(1 + 2 * i, Way(i, data, kernel), kernel[axes + i]);
        // [N, OH, KH, OW, KW, C] -> [OH · OW, N, KH · KW · C].
        windows = axes == 1 ? windows.Permute(1, 0, 2, 3) : windows.Permute(1, 3, 0, 2, 4, 5);
        int places = Shape.Dimension(Name, kernel[..axes].ElementCount), length = Shape.Dimension(Name, kernel[axes..^1].ElementCount);
        var y = windows.Reshape(places, n, length).MatMul(x[1].Reshape(places, length, filters));
        return y.Permute(1, 0, 2).Reshape([n, .. kernel.Dimensions[..axes], filters]);
    }

    private WindowAxis Way(int i, Shape data, Shape kernel) =>
        WindowAxis.Along(0, Name, Padding.Valid, data.Dimension(1 + i), kernel.Dimension(strides.Length + i), strides[i]);

    public static OpSpec Spec => Specify("locally_connected2d", "[N, H, W, C], [OH, OW, KH, KW, C, F] -> [N, OH, OW, F]", 2);

    internal static OpSpec Specify(string name, string signature, int axes) => new(name, signature, d =>
    {
        int c = d.Int(1, 3), f = d.Int(1, 3);
        int[] places = new int[axes], window = new int[axes], strides = new int[axes], size = new int[axes];
        for (int i = 0; i < axes; i++)
        {
            (places[i], window[i], strides[i]) = (d.Int(1, 3), d.Int(1, 3), d.Int(1, 2));
            size[i] = (places[i] - 1) * strides[i] + window[i];
        }
        return new OpCase([d.Tensor([d.Int(1, 2), .. size, c]), d.Tensor([.. places, .. window, c, f])], t => [new LocallyConnectedOp(strides).Run(t)],
            $"strides {string.Join(", ", strides)}");
    })
    {
        LayoutMatters = "it is a product of matrices",
        ReductionLength = ConvAxesDraw.Length,
        Flops = c => 2.0 * c.Inputs[0].Shape[0] * c.Inputs[1].ElementCount,
    };
}

/// <summary>For the table and the checks: the same over sequences.</summary>
internal readonly struct LocallyConnected1DSpec : IOp
{
    public static OpSpec Spec => LocallyConnectedOp.Specify("locally_connected1d", "[N, T, C], [OT, K, C, F] -> [N, OT, F]", 1);
}
