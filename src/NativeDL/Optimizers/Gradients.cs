namespace NativeDL;

/// <summary>What hand-written loops do with gradients before they apply them.</summary>
/// <example><code>
/// var gradients = Gradients.ClipByGlobalNorm(tape.Gradient(loss, model.TrainableParameters), 1.0);
/// optimizer.Apply(model.TrainableParameters, gradients);
/// </code></example>
public static class Gradients
{
    /// <summary>The norm √Σg² over all gradients together: a Float64 scalar on the gradients' device.</summary>
    /// <param name="gradients">One or more, of any shapes, on one device.</param>
    public static Tensor GlobalNorm(IReadOnlyList<Tensor> gradients)
    {
        Require(gradients, "GlobalNorm");
        // float64: squares of large float32 numbers would overflow.
        return gradients.Select(g => g.StopGradient().Cast(DType.Float64).Square().Sum()).Aggregate((a, b) => a + b).Sqrt();
    }

    /// <summary>The gradients, all scaled down by the same factor where the norm over all of them together is above a limit.</summary>
    /// <param name="gradients">One or more, of any shapes, on one device.</param>
    /// <param name="norm">The limit, above 0.</param>
    /// <returns>As many gradients, of the same shapes; nothing is read back from a device.</returns>
    /// <exception cref="InvalidInputException">The limit is not above 0, or there are no gradients.</exception>
    public static IReadOnlyList<Tensor> ClipByGlobalNorm(IReadOnlyList<Tensor> gradients, double norm)
    {
        RequireLimit(norm, "ClipByGlobalNorm");
        var factor = norm / GlobalNorm(gradients).Clip(norm, double.PositiveInfinity);
        return [.. gradients.Select(g => g * factor.Cast(g.DType))];
    }

    /// <summary>The gradients, each scaled down where its own norm √Σg² is above a limit.</summary>
    /// <param name="gradients">One or more, of any shapes.</param>
    /// <param name="norm">The limit, above 0.</param>
    /// <exception cref="InvalidInputException">The limit is not above 0, or there are no gradients.</exception>
    public static IReadOnlyList<Tensor> ClipByNorm(IReadOnlyList<Tensor> gradients, double norm)
    {
        RequireLimit(norm, "ClipByNorm");
        Require(gradients, "ClipByNorm");
        return [.. gradients.Select(g => ClipByGlobalNorm([g], norm)[0])];
    }

    /// <summary>The gradients, each element brought into ±a limit.</summary>
    /// <param name="gradients">One or more, of any shapes.</param>
    /// <param name="value">The limit, above 0.</param>
    /// <exception cref="InvalidInputException">The limit is not above 0, or there are no gradients.</exception>
    public static IReadOnlyList<Tensor> ClipByValue(IReadOnlyList<Tensor> gradients, double value)
    {
        RequireLimit(value, "ClipByValue");
        Require(gradients, "ClipByValue");
        return [.. gradients.Select(g => g.Clip(-value, value))];
    }

    private static void Require(IReadOnlyList<Tensor> gradients, string method)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count == 0) throw Error.Input($"Gradients.{method}", "there are no gradients", "none", "one or more");
        for (int i = 0; i < gradients.Count; i++)
            if (gradients[i] is null) throw Error.Input($"Gradients.{method}", $"gradient {i} is null");
    }

    private static void RequireLimit(double limit, string method)
    {
        if (!(limit > 0)) throw Error.Input($"Gradients.{method}", "the limit must be above 0", $"{limit}");
    }
}
