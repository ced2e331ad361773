namespace NativeDL;

/// <summary>
/// The parameters of a step as one flat list of pieces, made once and used until the parameters are others. Pieces
/// of small parameters are put together and large parameters are cut, so that every unit of work is about the same.
/// </summary>
internal sealed class UpdatePlan
{
    private readonly Parameter[] given;
    private readonly bool[] trainable;
    private readonly int[] positions;           // of Parameters within the given list
    private readonly HashSet<nint> addresses = [];

    /// <param name="name">The optimizer, for errors.</param>
    /// <param name="parameters">All parameters, the frozen ones included.</param>
    /// <param name="slotsOf">What is kept for each.</param>
    public UpdatePlan(string name, IReadOnlyList<Parameter> parameters, Func<Parameter, Parameter[]> slotsOf)
    {
        given = [.. parameters];
        trainable = [.. given.Select(p => p.Trainable)];
        var seen = new HashSet<Parameter>();
        foreach (var parameter in given)
            if (!seen.Add(parameter)) throw Error.Input($"{name}.Apply", "a parameter stands in the list twice", $"{parameter}", null, "sum its gradients and pass it once");

        positions = [.. Enumerable.Range(0, given.Length).Where(i => trainable[i])];
        Parameters = [.. positions.Select(i => given[i])];
        Values = [.. Parameters.Select(p => p.Value)];
        Slots = [.. Parameters.Select(slotsOf)];
        Gradients = new Tensor?[Parameters.Length];
        Scales = new double[Parameters.Length];
        foreach (var value in Values) addresses.Add(value.Address);
        (Pieces, UnitStarts) = Cut(Values);
        if (Values.FirstOrDefault(v => v.Device != Values[0].Device) is { } other)
            throw Error.Device($"{name}.Apply", "the parameters live on two devices", $"{Values[0].Device} and {other.Device}", "one device for all");
        if (Values.Length > 0 && !Values[0].Device.IsCpu) Cuda = new CudaUpdate(this);
    }

    /// <summary>A stretch of one parameter's elements.</summary>
    public readonly record struct Piece(int Tensor, long Start, long Count);

    /// <summary>The parameters that are changed.</summary>
    public Parameter[] Parameters { get; }

    /// <summary>Their values, contiguous.</summary>
    public Tensor[] Values { get; }

    /// <summary>What is kept for each.</summary>
    public Parameter[][] Slots { get; }

    /// <summary>Their gradients in this step, contiguous.</summary>
    public Tensor?[] Gradients { get; }

    /// <summary>The launches, where the parameters live on a CUDA device; they then know the scales, and <see cref="Scales"/> are 1.</summary>
    public CudaUpdate? Cuda { get; }

    /// <summary>What each gradient is multiplied with before use, on the CPU.</summary>
    public double[] Scales { get; }

    /// <summary>Each element of a gradient is brought into ±this.</summary>
    public double Limit { get; set; } = double.PositiveInfinity;

    /// <summary>On a device: whether the step is to be done, a Bool scalar that nobody has read; null where it is.</summary>
    public Tensor? IsGood { get; set; }

    /// <summary>The pieces of all parameters, in order.</summary>
    public Piece[] Pieces { get; }

    /// <summary>Where each unit of work begins among the pieces, and the end of the last.</summary>
    public int[] UnitStarts { get; }

    /// <summary>Units of work.</summary>
    public int Units => UnitStarts.Length - 1;

    /// <summary>Whether the plan was made for these parameters as they are now.</summary>
    public bool Fits(IReadOnlyList<Parameter> parameters)
    {
        if (parameters.Count != given.Length) return false;
        for (int i = 0; i < given.Length; i++)
            if (!ReferenceEquals(parameters[i], given[i]) || given[i].Trainable != trainable[i]) return false;
        // A move to another device or type gives a parameter another tensor.
        for (int i = 0; i < Parameters.Length; i++)
            if (!ReferenceEquals(Parameters[i].Value, Values[i])) return false;
        return true;
    }

    /// <summary>Checks the gradients and makes them contiguous.</summary>
    public void Take(string name, IReadOnlyList<Tensor> gradients)
    {
        for (int i = 0; i < Parameters.Length; i++)
        {
            var (parameter, gradient) = (Parameters[i], gradients[positions[i]]);
            if (gradient is null) throw Error.Input($"{name}.Apply", $"the gradient of {parameter.Name} is null");
            if (gradient.Shape != parameter.Shape) throw Error.Shape($"{name}.Apply", $"the gradient of {parameter.Name} has another shape than the parameter", $"{gradient.Shape}", $"{parameter.Shape}");
            if (gradient.DType != parameter.DType) throw Error.DType($"{name}.Apply", $"the gradient of {parameter.Name} has another element type than the parameter", $"{gradient.DType}", $"{parameter.DType}");
            if (gradient.Device != Values[i].Device) throw Error.Device($"{name}.Apply", $"the gradient of {parameter.Name} is on another device than the parameter", $"{gradient.Device}", $"{Values[i].Device}");
        }
        for (int i = 0; i < Parameters.Length; i++)
        {
            var packed = gradients[positions[i]].Packed();
            // A gradient may be the very memory of a parameter, as that of a·b with respect to a is b; the step overwrites it.
            Gradients[i] = addresses.Contains(packed.Address) ? packed.Copy() : packed;
        }
    }

    /// <summary>Lets go of the step's gradients.</summary>
    public void LetGo()
    {
        Array.Clear(Gradients);
        IsGood = null;
    }

    private static (Piece[] Pieces, int[] UnitStarts) Cut(Tensor[] values)
    {
        // Small work is one unit, which the caller's thread does.
        long total = values.Sum(v => v.ElementCount), size = total < 2 * Workers.Grain ? long.MaxValue : Workers.Grain;
        var pieces = new List<Piece>();
        var starts = new List<int> { 0 };
        long filled = 0;
        for (int t = 0; t < values.Length; t++)
        {
            long n = values[t].ElementCount;
            for (long at = 0, count; at < n; at += count)
            {
                count = Math.Min(n - at, Workers.Grain);
                if (filled > 0 && filled + count > size)
                {
                    starts.Add(pieces.Count);
                    filled = 0;
                }
                pieces.Add(new Piece(t, at, count));
                filled += count;
            }
        }
        if (pieces.Count > 0) starts.Add(pieces.Count);
        return ([.. pieces], [.. starts]);
    }
}
