namespace NativeDL;

public sealed partial class Tensor
{
    /// <summary>
    /// The largest element of each window of a volume and channel, and which place of its window, counted plane by plane and row by row, it came from.
    /// <c>[N, D, H, W, C] -> [N, OD, OH, OW, C] twice</c>
    /// </summary>
    /// <inheritdoc cref="MaxPool3D(Size3D, Size3D, Padding)"/>
    /// <returns>The maxima, and the places: whole numbers from 0 to depth · height · width of the window − 1.</returns>
    public (Tensor Y, Tensor Places) MaxPool3DWithPlaces(Size3D poolSize, Size3D strides = default, Padding padding = default)
    {
        var settings = PoolAxes.Checked("max_pool3d", poolSize.Sizes, strides.Or(poolSize).Sizes, padding);
        var results = new MaxPool3DWithPlacesOp(settings).RunMany(this);
        return (results[0], results[1]);
    }

    /// <summary>Puts each element of a volume where the maximum came from, with zeros elsewhere. <c>[N, OD, OH, OW, C] -> [N, D, H, W, C]</c></summary>
    /// <remarks>Where windows overlap, what goes to one place is added.</remarks>
    /// <param name="places">From <see cref="MaxPool3DWithPlaces(Size3D, Size3D, Padding)"/>.</param>
    /// <param name="poolSize">The pool's window.</param>
    /// <param name="strides">The pool's strides; the window's size when not given.</param>
    /// <param name="padding">The pool's padding.</param>
    /// <param name="outputSize">D, H and W; when not given as a transposed convolution with that window paints them.</param>
    /// <exception cref="ShapeMismatchException">Elements and places are not results of such a pool over volumes of that size.</exception>
    public Tensor MaxUnpool3D(Tensor places, Size3D poolSize, Size3D strides = default, Padding padding = default, Size3D outputSize = default)
    {
        const string name = "max_unpool3d";
        ArgumentNullException.ThrowIfNull(places);
        var s = PoolAxes.Checked(name, poolSize.Sizes, strides.Or(poolSize).Sizes, padding);
        if (Rank != 5) throw Error.Shape(name, "volumes must have five dimensions", $"x {Shape}", "x [N, OD, OH, OW, C]");
        int[] size = outputSize.IsGiven ? outputSize.Sizes
            : [.. Enumerable.Range(0, 3).Select(i => WindowAxis.Painted(2 - i, name, padding, Shape.Dimension(1 + i), s.Window[i], s.Strides[i], 1, null))];
        if (size.Min() < 1) throw Error.Shape(name, "the size of the result must be known and 1 or more", $"{string.Join(" × ", size)} for x {Shape}");
        return new MaxUnpool3DOp(s, size).Run(this, IndexList.Normalize(name, places));
    }
}

/// <summary>y = max over windows, and the places of the maxima in them.</summary>
internal sealed partial class MaxPool3DWithPlacesOp(PoolAxes settings) : ComposedOp, IOp
{
    public override string Name => "max_pool3d_with_places";

    protected override int ResultCount => 2;

    protected override bool Widens => false;

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var shape = settings.Result(Name, x[0].Shape);
        y.Set(0, shape, x[0].DType);
        y.Set(1, shape, DType.Int32);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var windows = settings.Windows(Name, x[0], double.NegativeInfinity);
        return (windows.Max(settings.WindowAxes), new ArgMaxOp(settings.WindowAxes, false).Run(windows));
    }

    // The places have no gradient.
    public static OpSpec Spec => new("max_pool3d_with_places", "[N, D, H, W, C] -> [N, OD, OH, OW, C]", d =>
    {
        var (x, settings) = Case(d);
        return new OpCase([x], t => [new MaxPool3DWithPlacesOp(settings).RunMany(t)[0]], $"{settings}");
    });

    internal static (Tensor X, PoolAxes Settings) Case(Draw d)
    {
        int[] window = [d.Int(1, 2), d.Int(1, 3), d.Int(1, 2)], strides = [d.Int(1, 2), d.Int(1, 2), d.Int(1, 3)];
        var x = d.Tensor([d.Int(1, 2), d.Int(2, 3), d.Int(3, 4), d.Int(2, 4), d.Int(1, 2)], Domain.Distinct);
        return (x, new PoolAxes(window, strides, d.OneOf(Padding.Valid, Padding.Same)));
    }
}

/// <summary>y = zeros, and each element added where its place in its window is.</summary>
internal sealed partial class MaxUnpool3DOp(PoolAxes settings, int[] size) : ComposedOp, IOp
{
    public override string Name => "max_unpool3d";

    protected override void Infer(Operands x, Results y)
    {
        RequireFloating(x[0]);
        var shape = x[0].Shape;
        if (shape.Rank != 5) throw Error.Shape(Name, "volumes must have five dimensions", $"x {shape}", "x [N, OD, OH, OW, C]");
        Shape image = [shape.Dimension(0), .. size, shape.Dimension(4)];
        var expected = settings.Result(Name, image);
        if (!expected.IsCompatible(shape) || !expected.IsCompatible(x[1].Shape))
            throw Error.Shape(Name, "these are not the results of the pool", $"{shape} with places {x[1].Shape}", $"{expected} for volumes {image}");
        y.Set(0, image, x[0].DType);
    }

    protected override Tensors Compose(Tensor[] x)
    {
        var shape = x[0].Shape;
        Shape image = [shape[0], .. size, shape[4]];
        Shape windows = [shape[0], shape[1], settings.Window[0], shape[2], settings.Window[1], shape[3], settings.Window[2], shape[4]];
        var one = windows.KeepOnes(settings.WindowAxes);
        var spread = new SpreadOp(settings.WindowAxes, windows).Run(x[0].Reshape(one), x[1].Reshape(one));
        return settings.Joined(Name, spread, image);
    }

    public static OpSpec Spec => new("max_unpool3d", "[N, OD, OH, OW, C], [N, OD, OH, OW, C] -> [N, D, H, W, C]", d =>
    {
        var (x, settings) = MaxPool3DWithPlacesOp.Case(d);
        var places = new MaxPool3DWithPlacesOp(settings).RunMany(x)[1];
        int[] size = [x.Shape[1], x.Shape[2], x.Shape[3]];
        return new OpCase([d.Tensor(places.Shape), places], t => [new MaxUnpool3DOp(settings, size).Run(t)], $"{settings}");
    })
    { ReductionLength = _ => 12 };
}
