namespace NativeDL;

/// <summary>Several parameters as one vector of float64, and a function of them: what optimizers that ask for values of their own choosing work on.</summary>
internal sealed class Flat
{
    private readonly string op;
    private readonly Parameter[] parameters;
    private readonly Func<Tensor> function;

    public Flat(string op, IReadOnlyList<Parameter> parameters, Func<Tensor> function)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(function);
        if (parameters.Contains(null!)) throw Error.Input($"{op}(parameters)", "a parameter is null");
        (this.op, this.parameters, this.function) = (op, [.. parameters.Where(p => p.Trainable && p.Shape.ElementCount > 0)], function);
        if (this.parameters.Length == 0)
            throw Error.Input(op, "there is no parameter that may change", $"{parameters.Count} parameters", "one that is trainable");
    }

    /// <summary>How often the function was called.</summary>
    public int Evaluations { get; private set; }

    /// <summary>The parameters, or the gradient, now.</summary>
    public Tensor Now() => Joined(parameters.Select(p => p.Value));

    /// <summary>Gives the parameters their values.</summary>
    public void Assign(Tensor x)
    {
        int at = 0;
        foreach (var parameter in parameters)
        {
            int n = checked((int)parameter.Shape.ElementCount);
            parameter.Assign(x.Narrow(0, at, n).Reshape(parameter.Shape).Cast(parameter.DType).To(parameter.Value.Device));
            at += n;
        }
    }

    /// <summary>The function's value, and its gradient, where the parameters are.</summary>
    /// <exception cref="NumericException">The first value is not finite.</exception>
    public (double Value, Tensor Gradient) Evaluate()
    {
        using var scope = TensorScope.Begin();
        using var tape = new GradientTape();
        var value = function();
        if (value is null || value.ElementCount != 1)
            throw Error.Shape(op, "the function gives no number", $"{value?.Shape}", "[]", "take the mean or the sum");
        double now = value.Item();
        if (Evaluations++ == 0 && !double.IsFinite(now)) throw Error.Numeric(op, $"the function is {now} where it begins");
        return (now, scope.Keep(Joined(tape.Gradient(value, parameters))));
    }

    private static Tensor Joined(IEnumerable<Tensor> tensors)
    {
        Device? home = null;
        return Tensor.Concat([.. tensors.Select(t => t.StopGradient().Cast(DType.Float64).Reshape(-1).To(home ??= t.Device))]).Copy();
    }
}

/// <summary>Where a search ended.</summary>
/// <param name="Value">The function's value there.</param>
/// <param name="Iterations">Steps that were taken.</param>
/// <param name="Evaluations">How often the function was asked for its value.</param>
/// <param name="Reason">Why no further step was.</param>
public sealed record SearchResult(double Value, int Iterations, int Evaluations, string Reason);
