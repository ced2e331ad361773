namespace NativeDL;

/// <summary>What a training loop of one's own does to gradients between the tape and the optimizer.</summary>
/// <example><code>
/// var g = Gradients.ClipByGlobalNorm(tape.Gradient(loss, model.TrainableParameters), 1.0);
/// optimizer.Apply(model.TrainableParameters, g);
/// </code></example>
public static class Gradients
{
    /// <summary>The norm of all gradients together, √(Σ g²), in Float64, where the squares of Float32 numbers do not overflow: shape []. Stays on their device.</summary>
    /// <exception cref="InvalidInputException">There are no gradients.</exception>
    public static Tensor GlobalNorm(IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count == 0) throw Error.Input("Gradients.GlobalNorm", "there are no gradients", "an empty list", "one or more");
        return Tensor.Stack([.. gradients.Select(Norm)]).Norm();
    }

    /// <summary>The gradients, all made smaller by one factor where their norm together is above a limit; below it they stay as they are. Stays on their device.</summary>
    /// <param name="gradients">Of any shapes.</param>
    /// <param name="clipNorm">The limit.</param>
    /// <exception cref="InvalidInputException">The limit is not positive.</exception>
    public static Tensor[] ClipByGlobalNorm(IReadOnlyList<Tensor> gradients, double clipNorm)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        RequireLimit("Gradients.ClipByGlobalNorm", clipNorm);
        if (gradients.Count == 0) return [];
        var norm = GlobalNorm(gradients);
        return [.. gradients.Select(g => Limited(g, norm, clipNorm))];
    }

    /// <summary>Each gradient made smaller where its own norm is above a limit.</summary>
    /// <inheritdoc cref="ClipByGlobalNorm"/>
    public static Tensor[] ClipByNorm(IReadOnlyList<Tensor> gradients, double clipNorm)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        RequireLimit("Gradients.ClipByNorm", clipNorm);
        return [.. gradients.Select(g => Limited(g, Norm(g), clipNorm))];
    }

    /// <summary>Each element of each gradient limited to −<paramref name="clipValue"/> … <paramref name="clipValue"/>.</summary>
    /// <exception cref="InvalidInputException">The limit is not positive.</exception>
    public static Tensor[] ClipByValue(IReadOnlyList<Tensor> gradients, double clipValue)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        RequireLimit("Gradients.ClipByValue", clipValue);
        return [.. gradients.Select(g => g.Clip(-clipValue, clipValue))];
    }

    private static Tensor Norm(Tensor gradient) => gradient.Cast(DType.Float64).Norm();

    // The factor is 1 to the bit where nothing has to be done.
    private static Tensor Limited(Tensor gradient, Tensor norm, double limit) => gradient * (limit / Tensor.Maximum(norm, limit)).Cast(gradient.DType);

    private static void RequireLimit(string what, double limit)
    {
        if (!(limit > 0)) throw Error.Input(what, "the limit must be positive", $"{limit}");
    }
}
