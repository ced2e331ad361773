namespace NativeDL;

/// <summary>The parameters of a step and where they live; made once, and used until the parameters are others.</summary>
internal sealed class UpdatePlan
{
    private readonly Parameter[] given;
    private readonly bool[] trainable;
    private readonly int[] positions;           // of States within the given list
    private readonly Tensor[] values;
    private readonly (DeviceUpdate Device, int Place)[] places;
    private readonly int[] groupOf;             // of each of States
    private readonly ParameterChoice[] choices; // of each group
    private readonly HashSet<nint> addresses = [];
    private long done;

    /// <param name="name">The optimizer, for errors.</param>
    /// <param name="parameters">All parameters, the frozen ones included.</param>
    /// <param name="stateOf">What is kept for each.</param>
    /// <param name="choiceOf">What holds for each alone.</param>
    public UpdatePlan(string name, IReadOnlyList<Parameter> parameters, Func<Parameter, ParameterState> stateOf, Func<Parameter, ParameterChoice> choiceOf)
    {
        given = [.. parameters];
        trainable = [.. given.Select(p => p.Trainable)];
        var seen = new HashSet<Parameter>();
        foreach (var parameter in given)
            if (!seen.Add(parameter))
                throw Error.Input($"{name}.Apply", "a parameter stands in the list twice", $"{parameter}", null, "sum its gradients and pass it once");

        positions = [.. Enumerable.Range(0, given.Length).Where(i => trainable[i])];
        values = [.. positions.Select(i => given[i].Value)];
        foreach (var value in values) addresses.Add(value.Address);
        States = [.. positions.Select(i => stateOf(given[i]))];
        foreach (var state in States) state.Follow();

        var groups = States.Select(s => (s.Steps, Choice: choiceOf(s.Parameter))).ToList();
        var distinct = groups.Distinct().ToList();
        groupOf = [.. groups.Select(g => distinct.IndexOf(g))];
        StepsOfGroups = [.. distinct.Select(g => g.Steps)];
        choices = [.. distinct.Select(g => g.Choice)];
        (Numbers, Settings) = (new double[distinct.Count][], new double[distinct.Count][]);
        (Rates, Shares) = (new double[distinct.Count], new double[distinct.Count]);
        places = new (DeviceUpdate, int)[States.Length];
        var devices = new List<DeviceUpdate>();
        foreach (var there in Enumerable.Range(0, States.Length).GroupBy(i => values[i].Device))
        {
            int[] own = [.. there];
            var device = there.Key.UpdateOf([.. own.Select(i => values[i])], [.. own.Select(i => States[i].Slots.Select(s => s.Value).ToArray())],
                [.. own.Select(i => groupOf[i])]);
            for (int place = 0; place < own.Length; place++) places[own[place]] = (device, place);
            devices.Add(device);
        }
        Devices = [.. devices];
    }

    /// <summary>What is kept for each parameter that changes.</summary>
    public ParameterState[] States { get; }

    /// <summary>The parameters of each device.</summary>
    public DeviceUpdate[] Devices { get; }

    /// <summary>Parameters that have made as many steps, and for which the same holds, are a group: the steps of each group.</summary>
    public long[] StepsOfGroups { get; }

    /// <summary>Room for the numbers of each group.</summary>
    public double[][] Numbers { get; }

    /// <summary>Room for what a card makes the numbers of each group of.</summary>
    public double[][] Settings { get; }

    /// <summary>The learning rate of each group in this step.</summary>
    public double[] Rates { get; }

    /// <summary>What the values of each group are multiplied with first: the share of them that decay leaves.</summary>
    public double[] Shares { get; }

    /// <summary>The group of a parameter.</summary>
    public int GroupOf(int i) => groupOf[i];

    /// <summary>Says how fast parameters change and decay in this step, unless something else holds for them.</summary>
    public void Prepare(double rate, double weightDecay)
    {
        for (int group = 0; group < choices.Length; group++)
        {
            Rates[group] = rate * choices[group].RateFactor;
            Shares[group] = 1 - Rates[group] * (choices[group].WeightDecay ?? weightDecay);
        }
    }

    /// <summary>Whether the plan was made for these parameters as they are now.</summary>
    public bool Fits(IReadOnlyList<Parameter> parameters)
    {
        if (parameters.Count != given.Length) return false;
        for (int i = 0; i < given.Length; i++)
            if (!ReferenceEquals(parameters[i], given[i]) || given[i].Trainable != trainable[i]) return false;
        // A move to another device or type gives a parameter another tensor.
        for (int i = 0; i < values.Length; i++)
            if (!ReferenceEquals(States[i].Parameter.Value, values[i])) return false;
        return true;
    }

    /// <summary>Checks the gradients and makes them contiguous.</summary>
    public void Take(string name, IReadOnlyList<Tensor> gradients)
    {
        for (int i = 0; i < States.Length; i++)
        {
            var (parameter, gradient) = (States[i].Parameter, gradients[positions[i]]);
            if (gradient is null) throw Error.Input($"{name}.Apply", $"the gradient of {parameter.Name} is null");
            if (gradient.Shape != parameter.Shape) throw Error.Shape($"{name}.Apply", $"the gradient of {parameter.Name} has another shape than the parameter",
                $"{gradient.Shape}", $"{parameter.Shape}");
            if (gradient.DType != parameter.DType) throw Error.DType($"{name}.Apply",
                $"the gradient of {parameter.Name} has another element type than the parameter", $"{gradient.DType}", $"{parameter.DType}");
            if (gradient.Device != values[i].Device) throw Error.Device($"{name}.Apply",
                $"the gradient of {parameter.Name} is on another device than the parameter", $"{gradient.Device}", $"{values[i].Device}");
        }
        for (int i = 0; i < States.Length; i++)
        {
            var packed = gradients[positions[i]].Packed();
            // A gradient may be the very memory of a parameter, as that of a·b with respect to a is b; the step overwrites it.
            places[i].Device.Gradients[places[i].Place] = addresses.Contains(packed.Address) ? packed.Copy() : packed;
        }
    }

    /// <summary>Says how gradients are clipped in this step; the norm of all is taken over all devices.</summary>
    public void Clip(double? value, double? norm, double? globalNorm)
    {
        if (globalNorm is not null && Devices.Length > 1) ClipTogether(value, globalNorm.Value);
        else foreach (var device in Devices) device.Clip(value, norm, globalNorm, null);
    }

    private void ClipTogether(double? value, double norm)
    {
        Tensor[] squares = [.. Devices.Select(d => d.SumOfSquares())];
        for (int i = 0; i < Devices.Length; i++)
        {
            var device = Devices[i];
            device.Clip(value, null, norm, squares.Where((_, other) => other != i).Select(s => s.To(device.Device)).Aggregate((a, b) => a + b));
        }
    }

    /// <summary>The gradient of a parameter as it was taken; another may be put in its place.</summary>
    public Tensor Taken(int i) => places[i].Device.Gradients[places[i].Place]!;

    /// <inheritdoc cref="Taken"/>
    public void Replace(int i, Tensor gradient) => places[i].Device.Gradients[places[i].Place] = gradient.Packed();

    /// <summary>The gradient of a parameter, clipped, in the type that is computed with.</summary>
    public Tensor Gradient(int i) => places[i].Device.Clipped(places[i].Place);

    /// <summary>Counts a step of each parameter.</summary>
    public void Count()
    {
        foreach (var state in States) state.Steps++;
        for (int i = 0; i < StepsOfGroups.Length; i++) StepsOfGroups[i]++;
        done++;
    }

    /// <summary>Takes back the count of the last steps.</summary>
    public void Uncount(long steps)
    {
        steps = Math.Min(steps, done);
        foreach (var state in States) state.Steps -= steps;
        for (int i = 0; i < StepsOfGroups.Length; i++) StepsOfGroups[i] -= steps;
        done -= steps;
    }

    /// <summary>Lets go of the step's gradients.</summary>
    public void LetGo()
    {
        foreach (var device in Devices) Array.Clear(device.Gradients);
    }
}
