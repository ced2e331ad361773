namespace NativeDL.Initializers;

/// <summary>A random matrix with orthonormal rows or columns, whichever are fewer (Saxe et al. 2014).</summary>
/// <param name="gain">Multiplies it.</param>
/// <param name="seed">A seed of its own, with which it makes the same numbers each time; null: they come from the state it is called with.</param>
public sealed class Orthogonal(double gain = 1, int? seed = null) : Initializer
{
    /// <summary>Multiplies the matrix.</summary>
    public double Gain => gain;

    /// <summary>A seed of its own, or null.</summary>
    public int? Seed => seed;

    /// <inheritdoc/>
    public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Rank < 2) throw Error.Shape("Orthogonal", "an orthogonal parameter has two dimensions or more", $"{shape}", "[…, in, out]");
        int columns = shape[^1], rows = checked((int)(shape.ElementCount / Math.Max(1, columns)));
        int count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        var normals = Tensor.RandomNormal([count, length], 0, 1, DType.Float64, From(seed, random)).ToArray<double>();
        for (int i = 0; i < count; i++)
        {
            var v = normals.AsSpan(i * length, length);
            // Twice is enough to be orthogonal to the last bit or two.
            for (int pass = 0; pass < 2; pass++)
                for (int j = 0; j < i; j++)
                {
                    var u = normals.AsSpan(j * length, length);
                    double dot = Dot(u, v);
                    for (int k = 0; k < length; k++) v[k] -= dot * u[k];
                }
            double norm = Math.Sqrt(Dot(v, v));
            for (int k = 0; k < length; k++) v[k] /= norm;
        }
        var matrix = Tensor.FromArray(normals, [count, length]);
        if (rows > columns) matrix = matrix.Transpose();
        return (matrix * gain).Reshape(shape).Cast(dtype).Contiguous();
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
