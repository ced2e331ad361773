namespace NativeDL.Regularizers;

/// <summary>What shall stand at right angles to each other.</summary>
public enum OrthogonalMode
{
    /// <summary>The rows of a matrix.</summary>
    Rows,

    /// <summary>Its columns.</summary>
    Columns,
}

/// <summary>
/// factor times the mean of |cos| of the angles between all pairs of rows, or columns, of a matrix: 0 where they stand at right angles. Lengths do not matter;
/// what is 0 stands at a right angle to all. (Keras' <c>orthogonal_regularizer</c>)
/// </summary>
/// <param name="factor">Factor of the mean.</param>
/// <param name="mode">What shall stand at right angles.</param>
public sealed class OrthogonalRegularizer(double factor = 0.01, OrthogonalMode mode = OrthogonalMode.Rows) : Regularizer
{
    /// <summary>Factor of the mean.</summary>
    public double Factor { get; } = Checked(factor, "OrthogonalRegularizer", "factor");

    /// <summary>What shall stand at right angles.</summary>
    public OrthogonalMode Mode => mode;

    /// <inheritdoc/>
    public override Tensor Call(Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.Rank != 2)
            throw Error.Shape("OrthogonalRegularizer", "only the rows and columns of a matrix have angles", $"{parameter.Shape}", "[n, m]");
        int count = parameter.Shape[mode == OrthogonalMode.Rows ? 0 : 1];
        if (count < 2) return parameter.Sum() * 0;
        var x = mode == OrthogonalMode.Rows ? parameter : parameter.Transpose();
        var directions = Losses.CosineSimilarity.Direction(x, -1);
        var others = 1 - Tensor.Eye(count).Cast(x.DType).To(x.Device);
        // Each pair stands there twice.
        return (directions.MatMul(directions, transposeB: true) * others).Abs().Sum() * (Factor / ((double)count * (count - 1)));
    }
}
