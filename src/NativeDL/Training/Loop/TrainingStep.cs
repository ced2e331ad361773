namespace NativeDL;

/// <summary>
/// Steps of training: forward, loss, backward, update. A step whose loss or gradient is not finite changes nothing.
/// On the CPU that is seen at once. On a device nobody waits to see it: the step itself, and each that follows, leaves
/// parameters, states and sums as they are, until <see cref="Look"/> reads how many were good.
/// </summary>
/// <param name="model">What is trained.</param>
/// <param name="method">What is asked of it, for errors.</param>
/// <param name="state">What layers carry from step to step.</param>
internal sealed class TrainingStep(Model model, string method, CarriedState? state = null)
{
    private readonly RunningSum good = new("good", []);
    private Tensor? bad; // on a device: 0, and 1 from the first bad step on
    private long done;

    /// <summary>Steps whose fate nobody has read yet.</summary>
    public long Unread { get; private set; }

    /// <summary>Does a step.</summary>
    /// <param name="batch">A batch on any device.</param>
    /// <param name="place">Where it stands, for errors, such as <c> at epoch 2, step 5</c>.</param>
    /// <param name="looks">Whether it is seen at once whether the step is good, whatever that costs.</param>
    /// <exception cref="NumericException">The loss or a gradient is not finite; nothing was changed.</exception>
    public StepResult Run(Batch batch, string place, bool looks)
    {
        var (optimizer, objective) = model.RequireCompiled(method);
        string op = $"{model.Name}.{method}";
        if (batch.Count == 0) throw Error.Input(op, $"the batch is empty{place}", "0 rows", "1 row or more");
        batch = batch.To(model.Device);
        var random = RandomState.Default.State;
        var call = CallContext.ForStep(state);
        using var tape = new GradientTape();
        var outputs = model.CallWith(batch, call, method);
        var measured = objective.Measure(op, outputs, batch, call, model.OutputNames);
        var total = measured.Total;
        if (model.Penalty() is { } penalty) total += penalty;
        looks |= total.Device.IsCpu;
        double value = looks ? total.Item() : double.NaN;
        if (looks && !double.IsFinite(value)) throw Diagnose($"the loss is {value}{place}", batch, random);

        if (model.Parameters.Count == 0)
            throw Error.Input(op, "the model has no parameters, so there is nothing to train", null, null,
                "layers that a model of one's own holds are its own only by Track, in its constructor");
        var trained = model.TrainableParameters;
        Tensor? isGood = null;
        if (trained.Count > 0)
        {
            var gradients = tape.Gradient(op, total, trained);
            if (!looks) isGood = Judge(total, gradients);
            else if (FiniteCheck.FirstBadOf(gradients) is >= 0 and var worst)
            {
                string name = model.NamedParameters.First(p => p.Value == trained[worst]).Key;
                throw Diagnose($"the gradient of {name} is not finite at {FiniteCheck.At(gradients[worst].Shape, FiniteCheck.FirstBad(gradients[worst]))}{place}", batch, random);
            }
            optimizer.Apply(trained, gradients, isGood);
        }
        else if (!looks) isGood = Judge(total, []);
        call.Run.Commit(isGood);
        return new StepResult(measured, total, batch.Count, isGood);
    }

    /// <summary>How many steps were good since the last look; all of them but for a failure. Waits for the device.</summary>
    public long Look()
    {
        long now = Unread == 0 ? done : (long)good.Value, since = now - done;
        (done, Unread) = (now, 0);
        return since;
    }

    /// <summary>The sum that <see cref="Look"/> reads, so that it can be read with others.</summary>
    public RunningSum Good => good;

    // A number that is not finite marks this step and all that follow, until somebody looks.
    private Tensor Judge(Tensor loss, IReadOnlyList<Tensor> gradients)
    {
        using (TensorScope.Suspend()) bad ??= Tensor.Zeros([1], DType.Int32, loss.Device);
        FiniteCheck.Mark(loss, bad);
        foreach (var gradient in gradients) FiniteCheck.Mark(gradient, bad);
        var isGood = bad.Equal(0).Squeeze();
        good.Add(isGood.Cast(DType.Float64));
        Unread++;
        return isGood;
    }

    // Where the first NaN or infinity stands: in the data, in a parameter, or in what a layer made of them.
    private NumericException Diagnose(string what, Batch batch, RandomSnapshot random)
    {
        string? origin = Named("the features", "input", batch.Inputs) ?? Named("the labels", "target", batch.Targets)
            ?? Named("the sample weights", "sample weights", batch.SampleWeights)
            ?? model.NamedParameters.Select(p => Bad($"parameter {p.Key}", p.Value)).FirstOrDefault(b => b is not null);
        if (origin is null)
        {
            // Looking must change nothing: what dropout draws is what it drew, and what layers note is dropped with the step.
            using var again = RandomState.Use(new RandomState(random));
            var probe = CallContext.ForDiagnosis(training: true, state);
            var outputs = model.CallWith(batch, probe, method);
            origin = probe.Run.FirstNonFinite is { } path ? $"it first appears in the output of layer '{path}'"
                : model.RequireCompiled(method).Objective.FaultOf($"{model.Name}.{method}", outputs, batch, model.OutputNames)
                    ?? "the layers' outputs are finite; it appears in the loss or its gradient";
        }
        return Error.Numeric($"{model.Name}.{method}", $"{what}; {origin}", null, null,
            "the parameters of the last good step are kept; a smaller learning rate or clipped gradients help against divergence");

        static string? Named(string only, string each, Tensors tensors) => Enumerable.Range(0, tensors.Count)
            .Select(i => Bad(tensors.Count == 1 ? only : $"{each} {(tensors.Names is { } names ? $"'{names[i]}'" : $"{i}")}", tensors[i]))
                .FirstOrDefault(b => b is not null);

        static string? Bad(string name, Tensor x) => x.DType.IsFloating() && FiniteCheck.FirstBad(x) is >= 0 and var at
            ? $"{name} of shape {x.Shape} are not finite at {FiniteCheck.At(x.Shape, at)}" : null;
    }
}

/// <summary>What a step gave.</summary>
/// <param name="Measured">The losses of the outputs.</param>
/// <param name="Loss">All together, penalties included, before the step.</param>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="IsGood">On a device: whether the step counts, a Bool scalar that nobody has read; null where it surely does.</param>
internal sealed record StepResult(Measured Measured, Tensor Loss, int Rows, Tensor? IsGood);
