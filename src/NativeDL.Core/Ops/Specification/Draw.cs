namespace NativeDL;

/// <summary>
/// Makes sizes, axes and tensors from a list of choices. A property-based tester that shrinks the list
/// (fewer choices, smaller numbers) shrinks the case: choice 0 is always the simplest.
/// </summary>
internal sealed class Draw(IReadOnlyList<int> choices)
{
    // The sizes at which loops, vectors and tiles have their edges.
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129];

    private int next;

    /// <summary>The most elements a drawn tensor has.</summary>
    public int MaxElements { get; init; } = 400;

    /// <summary>A number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Int(int low, int high) => low + (int)((uint)Choice() % (uint)(high - low + 1));

    /// <summary>True or false.</summary>
    public bool Flag() => Int(0, 1) == 1;

    /// <summary>One of the given things.</summary>
    public T OneOf<T>(params ReadOnlySpan<T> items) => items[Int(0, items.Length - 1)];

    /// <summary>A size from 1 to <paramref name="max"/>, often one at which a loop has its edge.</summary>
    public int Size(int max)
    {
        int usable = Sizes.Count(s => s <= max);
        return usable == 0 ? max : Sizes[Int(0, usable - 1)];
    }

    /// <summary>A shape of <paramref name="minRank"/> to <paramref name="maxRank"/> dimensions.</summary>
    public Shape Shape(int minRank, int maxRank)
    {
        var dims = new int[Int(minRank, maxRank)];
        int room = MaxElements;
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = Size(Math.Max(1, i == dims.Length - 1 ? room : Math.Min(room, 33)));
            room /= dims[i];
        }
        return NativeDL.Shape.Of(dims);
    }

    /// <summary>Two shapes that broadcast to each other.</summary>
    public (Shape, Shape) BroadcastShapes()
    {
        var full = Shape(0, 4).ToArray();
        return (Thin(full), Thin(full));

        Shape Thin(int[] dims)
        {
            var result = (int[])dims.Clone();
            for (int i = 0; i < result.Length; i++) if (Int(0, 3) == 3) result[i] = 1;
            return NativeDL.Shape.Of(result.AsSpan(Math.Min(result.Length, Math.Max(0, Int(0, 6) - 4))));
        }
    }

    /// <summary>An axis, sometimes counted from the end.</summary>
    public int Axis(int rank) => Int(0, 1) == 0 ? Int(0, rank - 1) : -1 - Int(0, rank - 1);

    /// <summary>Some different axes; none at all now and then, which means all of them.</summary>
    public int[] Axes(int rank) => [.. Enumerable.Range(0, rank).Where(_ => Flag())];

    /// <summary>A float64 tensor of the shape with elements from the domain.</summary>
    public Tensor Tensor(Shape shape, Domain? domain = null)
    {
        domain ??= Domain.Real;
        var random = new Random(Choice());
        var values = new double[shape.ElementCount];
        if (domain.AllDistinct)
        {
            double step = Math.Max(0.01, (domain.High - domain.Low) / Math.Max(values.Length, 1));
            for (int i = 0; i < values.Length; i++) values[i] = domain.Low + step * (i + 0.3);
            random.Shuffle(values);
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
            {
                double v = domain.Low + (domain.High - domain.Low) * random.NextDouble();
                foreach (double kink in domain.Kinks)
                    if (Math.Abs(v - kink) < 0.1) v = kink + 0.1 + 0.1 * random.NextDouble();
                values[i] = v;
            }
        }
        return NativeDL.Tensor.FromArray(values, shape);
    }

    /// <summary>An Int32 tensor with elements from 0 to <paramref name="below"/> − 1.</summary>
    public Tensor Indices(Shape shape, int below)
    {
        var random = new Random(Choice());
        var values = new int[shape.ElementCount];
        for (int i = 0; i < values.Length; i++) values[i] = random.Next(below);
        return NativeDL.Tensor.FromArray(values, shape);
    }

    private int Choice() => next < choices.Count ? choices[next++] : 0;
}
