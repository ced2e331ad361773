namespace NativeDL;

/// <summary>What is done around a rule, whichever it is: gathering gradients, averages, parameters for which something else holds.</summary>
public abstract partial class Optimizer
{
    private const string SumName = "accumulated", SlowName = "slow", AverageName = "ema";

    private double? ema;
    private double lookaheadStep = 0.5;
    private int lookahead, gradientAccumulationSteps = 1;
    private IReadOnlyList<ParameterGroup> groups = [];

    /// <summary>
    /// Over how many steps gradients are gathered before parameters change, along their mean: n small batches then do what one n times as large
    /// does. 1 by default. Schedules count changes.
    /// </summary>
    /// <exception cref="InvalidInputException">The number is not 1 or more, or the optimizer has made steps already.</exception>
    [Setting]
    public int GradientAccumulationSteps
    {
        get => gradientAccumulationSteps;
        set => gradientAccumulationSteps = value >= 1 ? BeforeSteps(value, nameof(GradientAccumulationSteps))
            : throw Error.Input($"{Name}.GradientAccumulationSteps", "gradients are gathered over too few steps", $"{value}", "1 or more");
    }

    /// <summary>
    /// If set, the share μ that is kept, in each step, of a running average of each parameter: a ← μ·a + (1 − μ)·p, p itself after the first step. Training
    /// does not see it; <see cref="UseAverages"/> puts it in the place of the parameters. (Polyak and Juditsky 1992; Keras' <c>use_ema</c>)
    /// </summary>
    /// <exception cref="InvalidInputException">The number is not from 0 up to, not including, 1, or the optimizer has made steps already.</exception>
    [Setting]
    public double? Ema
    {
        get => ema;
        set => ema = BeforeSteps(value is { } kept ? Share(kept, Name, "ema") : (double?)null, nameof(Ema));
    }

    /// <summary>
    /// If above 0, after so many steps each parameter goes back to where it was before them, but for the share <see cref="LookaheadStep"/> of the way
    /// (Zhang et al. 2019): 5 or 6 in the paper. 0, never, by default.
    /// </summary>
    /// <exception cref="InvalidInputException">The number is negative, or the optimizer has made steps already.</exception>
    [Setting]
    public int Lookahead
    {
        get => lookahead;
        set => lookahead = value >= 0 ? BeforeSteps(value, nameof(Lookahead))
            : throw Error.Input($"{Name}.Lookahead", "the number of steps is negative", $"{value}", "0 or more");
    }

    /// <summary>The share of the way that stays, where <see cref="Lookahead"/> is set; 0.5 by default.</summary>
    /// <exception cref="InvalidInputException">The number is not from 0 to 1.</exception>
    [Setting]
    public double LookaheadStep
    {
        get => lookaheadStep;
        set => lookaheadStep = value is >= 0 and <= 1 ? value
            : throw Error.Input($"{Name}.LookaheadStep", "the way that stays is a share", $"{value}", "0 to 1");
    }

    /// <summary>Parameters that have a rate or a weight decay of their own; of several groups that hold one, the first counts.</summary>
    /// <example><code>
    /// optimizer.Groups = [new NamedGroup("*/bias", weightDecay: 0), new NamedGroup("encoder/*", rateFactor: 0.1)];
    /// </code></example>
    [Setting]
    public IReadOnlyList<ParameterGroup> Groups
    {
        get => groups;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Any(g => g is null)) throw Error.Input($"{Name}.Groups", "a group is null");
            (groups, plan) = ([.. value], null);
        }
    }

    /// <summary>
    /// Puts the average of each parameter in the place of its value until the result is disposed, as for an evaluation:
    /// <c>using (optimizer.UseAverages()) model.Evaluate(test);</c>
    /// </summary>
    /// <exception cref="InvalidInputException">The optimizer keeps no averages.</exception>
    public IDisposable UseAverages()
    {
        var kept = new List<(Parameter, Tensor)>();
        using (TensorScope.Suspend()) kept.AddRange(states.Keys.Select(p => (p, p.Value.Clone())));
        AssignAverages();
        return new Return(kept);
    }

    /// <summary>Gives each parameter its average for a value, for good.</summary>
    /// <exception cref="InvalidInputException">The optimizer keeps no averages.</exception>
    public void AssignAverages()
    {
        foreach (var state in states.Values.Where(s => s.Steps > 0))
        {
            var average = ema is not null ? Around(state, AverageName).Value
                : Averaged(new ParameterStep(state, SlotNames, state.Parameter.Value, double.NaN, null));
            if (average is null)
                throw Error.Input($"{Name}.UseAverages", "the optimizer keeps no averages", null, null, "Ema = 0.999 before the first step");
            state.Parameter.Assign(average.Cast(state.Parameter.DType));
        }
    }

    /// <summary>The average that the rule itself keeps of a parameter, or null.</summary>
    private protected virtual Tensor? Averaged(ParameterStep step) => null;

    // What is kept of each parameter around the rule.
    private IEnumerable<string> AroundNames
    {
        get
        {
            if (gradientAccumulationSteps > 1) yield return SumName;
            if (lookahead > 0) yield return SlowName;
            if (ema is not null) yield return AverageName;
        }
    }

    private Parameter Around(ParameterState state, string name) => state.Around[AroundNames.ToList().IndexOf(name)];

    // How many times parameters have changed in so many steps.
    private long Updates(long steps) => steps / gradientAccumulationSteps;

    private ParameterChoice ChoiceOf(Parameter parameter)
    {
        if (groups.Count == 0) return new ParameterChoice(1, null);
        string path = Owner?.NamedParameters.FirstOrDefault(p => ReferenceEquals(p.Value, parameter)).Key ?? parameter.Name;
        return groups.FirstOrDefault(g => g.Has(path, parameter)) is { } group ? new ParameterChoice(group.RateFactor, group.WeightDecay)
            : new ParameterChoice(1, null);
    }

    private T BeforeSteps<T>(T value, string setting) => states.Count == 0 && waiting.Count == 0 ? value
        : throw Error.Input($"{Name}.{setting}", "the optimizer has made steps already", $"{Steps} steps", "set before the first");

    // Adds gradients to what was gathered; on the last of so many steps gives their mean in the place of the last, and true.
    private bool Gather(UpdatePlan plan, Tensor? isGood)
    {
        if (gradientAccumulationSteps == 1) return true;
        bool isDue = (Steps + 1) % gradientAccumulationSteps == 0;
        for (int i = 0; i < plan.States.Length; i++)
        {
            var sum = Around(plan.States[i], SumName);
            var all = sum.Value.StopGradient() + plan.Taken(i).StopGradient().Cast(sum.DType);
            if (isDue) plan.Replace(i, (all * (1.0 / gradientAccumulationSteps)).Cast(plan.States[i].Parameter.DType));
            sum.AssignWhere(isGood, isDue ? Tensor.FullLike(all, 0) : all);
        }
        return isDue;
    }

    private void Begin(UpdatePlan plan, Tensor? isGood)
    {
        if (lookahead == 0) return;
        foreach (var state in plan.States.Where(s => s.Steps == 0)) Around(state, SlowName).AssignWhere(isGood, Value(state));
    }

    private void End(UpdatePlan plan, Tensor? isGood)
    {
        if (lookahead == 0 && ema is null) return;
        foreach (var state in plan.States)
        {
            if (lookahead > 0 && (state.Steps + 1) % lookahead == 0)
            {
                var slow = Around(state, SlowName);
                var next = slow.Value.StopGradient() + lookaheadStep * (Value(state) - slow.Value.StopGradient());
                slow.AssignWhere(isGood, next);
                state.Parameter.AssignWhere(isGood, next.Cast(state.Parameter.DType));
            }
            if (ema is not { } kept) continue;
            var average = Around(state, AverageName);
            average.AssignWhere(isGood, state.Steps == 0 ? Value(state) : kept * average.Value.StopGradient() + (1 - kept) * Value(state));
        }
    }

    private static Tensor Value(ParameterState state) => state.Parameter.Value.StopGradient().Cast(state.Parameter.DType.ComputeType());

    private sealed class Return(List<(Parameter Parameter, Tensor Value)> kept) : IDisposable
    {
        public void Dispose()
        {
            foreach (var (parameter, value) in kept) parameter.Assign(value);
            kept.Clear();
        }
    }
}
