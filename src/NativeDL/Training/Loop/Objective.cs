namespace NativeDL;

/// <summary>What a compiled model makes small and what it reports, output by output, with the sums of the epoch.</summary>
internal sealed partial class Objective
{
    private readonly Loss? every;
    private readonly PerOutput<Loss>? losses;
    private readonly IReadOnlyList<Metric>? onlyMetrics;
    private readonly PerOutput<IReadOnlyList<Metric>>? metrics;
    private readonly PerOutput<double>? weights;
    private readonly RunningSum total = new("loss", []), summed = new("summed_loss", []), added = new("added_loss", []);
    private Goal[]? goals;
    private bool hasSummed, hasAdded;

    /// <summary>One loss, for the only output or for each; metrics of the only output.</summary>
    public Objective(Loss? loss, IReadOnlyList<Metric>? metrics, PerOutput<double>? weights) => (every, onlyMetrics, this.weights) = (loss, metrics, weights);

    /// <summary>Losses and metrics of each output.</summary>
    public Objective(PerOutput<Loss> losses, PerOutput<IReadOnlyList<Metric>>? metrics, PerOutput<double>? weights) =>
        (this.losses, this.metrics, this.weights) = (losses, metrics, weights);

    /// <summary>The losses in the order they were given.</summary>
    public IReadOnlyList<Loss> Losses => every is not null ? [every] : losses is null ? [] : [.. losses.Where(l => l is not null)];

    /// <summary>The metrics of each output that has some.</summary>
    public IReadOnlyList<IReadOnlyList<Metric>> MetricsByOutput => onlyMetrics is not null ? [onlyMetrics] : [.. (metrics ?? []).Select(m => m ?? [])];

    /// <summary>All metrics in the order they were given.</summary>
    public IReadOnlyList<Metric> Metrics => onlyMetrics ?? (metrics is null ? [] : [.. metrics.Where(m => m is not null).SelectMany(m => m)]);

    /// <summary>The sums of the losses.</summary>
    public IEnumerable<RunningSum> Sums => [total, summed, added, .. (goals ?? []).Select(g => g.Sum)];

    /// <summary>Begins an epoch or an evaluation.</summary>
    public void Reset()
    {
        foreach (var sum in Sums) sum.Reset();
        foreach (var metric in Metrics) metric.Reset();
        hasSummed = hasAdded = false;
    }

    /// <summary>The loss of a batch: of each output, what layers added, and all together.</summary>
    /// <exception cref="InvalidInputException">Targets, weights or losses do not fit the outputs.</exception>
    public Measured Measure(string op, Tensors outputs, Batch batch, CallContext call, IReadOnlyList<string>? names)
    {
        var all = GoalsFor(op, outputs, names);
        var targets = TargetsFor(op, all, batch.Targets);
        Tensor? sum = null, whole = null;
        var each = new Tensor?[all.Length];
        var weighed = new Tensor?[all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            var (goal, y, mask) = (all[i], outputs[i], outputs[i].Mask);
            var own = WeightOf(op, all, i, batch.SampleWeights);
            weighed[i] = own is null ? mask : mask is null ? own : Both(goal, own, mask, y);
            if (goal.Loss is null) continue;
            each[i] = goal.Loss.Call(targets[i]!, y, own, mask);
            var part = goal.Weight == 1 ? each[i]! : each[i]! * goal.Weight;
            sum = sum is null ? part : sum + part;
            if (goal.Loss.Reduction == LossReduction.Sum) whole = whole is null ? part : whole + part;
        }
        Tensor? more = null;
        foreach (var term in call.Losses)
        {
            more = more is null ? term : more + term;
            sum = sum is null ? term : sum + term;
        }
        if (sum is null) throw Error.Input(op, "there is nothing to make small: no loss was compiled, and no layer added one", null, null,
            "Compile(optimizer, loss), or call.AddLoss in a layer");
        return new Measured(outputs, targets, weighed, each, more, whole, sum);
    }

    /// <summary>What a loss finds wrong with targets or outputs when it can look at their values, as it can on the CPU; null for nothing.</summary>
    public string? FaultOf(string op, Tensors outputs, Batch batch, IReadOnlyList<string>? names)
    {
        if (Losses.Count == 0) return null;
        try
        {
            Measure(op, outputs.Select(y => y.StopGradient().To(Device.Cpu)), batch.To(Device.Cpu), new CallContext(), names);
            return null;
        }
        catch (InvalidInputException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>Adds a batch to the epoch: losses that are means as often as the batch has rows, those that are sums once, and the metrics.</summary>
    /// <param name="measured">What <see cref="Measure"/> gave.</param>
    /// <param name="loss">All losses together, penalties included where they count for the batch.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="good">On a device: whether the step counts.</param>
    public void Count(Measured measured, Tensor loss, int rows, Tensor? good = null)
    {
        foreach (var sum in Sums.Concat(Metrics.SelectMany(m => m.Sums))) sum.Gate = good;
        total.Add(measured.Summed is { } whole ? loss - whole : loss, rows);
        if (measured.Summed is { } once)
        {
            summed.Add(once, 1);
            hasSummed = true;
        }
        if (measured.Added is { } more)
        {
            added.Add(more, rows);
            hasAdded = true;
        }
        for (int i = 0; i < goals!.Length; i++)
        {
            if (goals.Length > 1 && measured.Each[i] is { } part) goals[i].Sum.Add(part, goals[i].Times(rows));
            foreach (var metric in goals[i].Metrics) metric.Update(measured.Targets[i]!, measured.Outputs[i], measured.Weights[i]);
        }
    }

    /// <summary>What was measured over so many rows; asking reads everything at once.</summary>
    /// <param name="rows">Rows seen.</param>
    /// <param name="penalty">What is added to the loss.</param>
    public Logs Logs(long rows, double penalty = 0)
    {
        RunningSum.Read(Sums.Concat(Metrics.SelectMany(m => m.Sums)));
        var all = new List<KeyValuePair<string, double>> { KeyValuePair.Create("loss", total.Value / rows + summed.Value + penalty) };
        if (goals is { Length: > 1 })
            all.AddRange(goals.Where(g => g.Loss is not null).Select(g => KeyValuePair.Create($"{g.Output}_loss", g.Sum.Value / g.Times(rows))));
        if (hasAdded) all.Add(KeyValuePair.Create(added.Name, added.Value / rows));
        if (goals is { Length: > 1 }) all.AddRange(goals.SelectMany(g => g.Metrics, (g, m) => KeyValuePair.Create($"{g.Output}_{m.Name}", m.Result)));
        else all.AddRange(Metrics.Select(m => KeyValuePair.Create(m.Name, m.Result)));
        return new Logs(all);
    }

    /// <summary>The sums as they stand.</summary>
    public IReadOnlyList<KeyValuePair<string, double[]>> WriteSums()
    {
        RunningSum.Read(Sums);
        return [.. Sums.Where(s => (s != added || hasAdded) && (s != summed || hasSummed)).Select(s => KeyValuePair.Create(s.Name, s.ToArray()))];
    }

    /// <summary>Goes on from sums that <see cref="WriteSums"/> gave.</summary>
    public void ReadSums(IReadOnlyList<KeyValuePair<string, double[]>> sums)
    {
        // Of several outputs the names show with the first batch; until then their sums wait.
        waiting = sums.ToDictionary();
        (hasSummed, hasAdded) = (waiting.ContainsKey(summed.Name), waiting.ContainsKey(added.Name));
        foreach (var sum in Sums) Take(sum);
    }

    private Dictionary<string, double[]> waiting = [];

    private void Take(RunningSum sum)
    {
        if (waiting.Remove(sum.Name, out var numbers)) sum.Set(numbers);
    }

    // Which loss and which metrics each output has; found with the first batch, for a model's outputs show when it is called.
    private Goal[] GoalsFor(string op, Tensors outputs, IReadOnlyList<string>? given)
    {
        var names = outputs.Names ?? given ?? [.. Enumerable.Range(1, outputs.Count).Select(i => $"output_{i}")];
        if (goals is not null && goals.Select(g => g.Output).SequenceEqual(names)) return goals;
        losses?.Require(op, "losses", names);
        metrics?.Require(op, "metrics", names);
        weights?.Require(op, "loss weights", names);
        if (onlyMetrics is { Count: > 0 } && names.Count > 1)
            throw Error.Input(op, "the model has several outputs, so that metrics must say whose they are",
                $"{string.Join(", ", onlyMetrics)} for {string.Join(", ", names)}", null,
                $"loss: [\"mse\", …], metrics: new() {{ [\"{names[0]}\"] = [\"{onlyMetrics[0]}\"] }}, or a list of lists in the order of the outputs");
        var found = new Goal[names.Count];
        for (int i = 0; i < found.Length; i++)
        {
            var loss = losses is null ? every : losses.TryGet(i, names[i], out var own) ? own : null;
            var measures = metrics is null ? onlyMetrics ?? [] : metrics.TryGet(i, names[i], out var list) ? list ?? [] : [];
            double weight = weights is not null && weights.TryGet(i, names[i], out double w) ? w : 1;
            if (loss is not null) foreach (var metric in measures) metric.Beside(loss);
            found[i] = new Goal(names[i], loss, weight, measures, new RunningSum($"{names[i]}_loss", []));
            Take(found[i].Sum);
        }
        return goals = found;
    }

    // A target for each output that needs one.
    private static Tensor?[] TargetsFor(string op, Goal[] goals, Tensors targets)
    {
        string outputs = string.Join(", ", goals.Select(g => g.Output));
        var found = new Tensor?[goals.Length];
        if (targets.GivenNames is { } names && (goals.Length > 1 || names.Contains(goals[0].Output)))
        {
            if (names.FirstOrDefault(n => !goals.Any(g => g.Output == n)) is { } lost)
                throw Error.Input(op, $"the target '{lost}' has no output", $"targets {string.Join(", ", names)}", $"one of the outputs {outputs}");
            for (int i = 0; i < goals.Length; i++) found[i] = names.Contains(goals[i].Output) ? targets[goals[i].Output] : null;
        }
        else
        {
            // By place: one for each output, or one for each that needs one.
            var taking = targets.Count == goals.Length ? goals : [.. goals.Where(g => g.NeedsTarget)];
            if (targets.Count != taking.Length)
                throw Error.Input(op, targets.Count == 0 ? "there are no targets"
                    : $"the number of targets is not that of the outputs{(taking.Length < goals.Length ? " with a loss" : "")}",
                    targets.Count == 0 ? null : $"{targets}", $"a target for {string.Join(", ", taking.Select(g => g.Output))}",
                        targets.Count == 0 ? "a data set of pairs: new Dataset(x, y)" : null);
            for (int i = 0; i < taking.Length; i++) found[Array.IndexOf(goals, taking[i])] = targets[i];
        }
        for (int i = 0; i < goals.Length; i++)
            if (goals[i].NeedsTarget && found[i] is null)
                throw Error.Input(op, $"the output '{goals[i].Output}' has a loss or metrics and no target", $"{targets}",
                    $"a target for each of {string.Join(", ", goals.Where(g => g.NeedsTarget).Select(g => g.Output))}");
        return found;
    }

    private static Tensor? WeightOf(string op, Goal[] goals, int output, Tensors given)
    {
        if (given.Count == 0) return null;
        if (given.GivenNames is { } names)
        {
            if (names.FirstOrDefault(n => !goals.Any(g => g.Output == n)) is { } lost)
                throw Error.Input(op, $"the sample weights '{lost}' have no output", null, $"one of {string.Join(", ", goals.Select(g => g.Output))}");
            return names.Contains(goals[output].Output) ? given[goals[output].Output] : null;
        }
        if (given.Count != 1 && given.Count != goals.Length)
            throw Error.Input(op, "the number of sample weights is not that of the outputs", $"{given} for {string.Join(", ", goals.Select(g => g.Output))}",
                "one for all outputs, or one for each");
        return given[given.Count == 1 ? 0 : output];
    }

    // What a metric weighs by: a masked step weighs nothing.
    private static Tensor Both(Goal goal, Tensor weights, Tensor mask, Tensor output)
    {
        var own = SampleWeights.Trimmed(goal.Output, weights, output.Shape);
        return own.Rank >= mask.Rank
            ? SampleWeights.Over(goal.Output, mask, own.Shape, own.DType) * own
            : SampleWeights.Over(goal.Output, own, mask.Shape, own.DType) * mask.Cast(own.DType);
    }

    private sealed record Goal(string Output, Loss? Loss, double Weight, IReadOnlyList<Metric> Metrics, RunningSum Sum)
    {
        public bool NeedsTarget => Loss is not null || Metrics.Count > 0;

        // How often the loss of a batch of so many rows counts.
        public long Times(long rows) => Loss?.Reduction == LossReduction.Sum ? 1 : rows;
    }
}

/// <summary>The losses of one batch.</summary>
/// <param name="Outputs">What the model said.</param>
/// <param name="Targets">The target of each output, where there is one.</param>
/// <param name="Weights">How much rows or positions of each output count for metrics; null where all count alike.</param>
/// <param name="Each">The loss of each output, not weighed against the others; null where there is none.</param>
/// <param name="Added">What layers added; null for nothing.</param>
/// <param name="Summed">Those that are sums over rows, by their weights; null where there is none.</param>
/// <param name="Total">All together, by their weights.</param>
internal sealed record Measured(Tensors Outputs, Tensor?[] Targets, Tensor?[] Weights, Tensor?[] Each, Tensor? Added, Tensor? Summed, Tensor Total);
