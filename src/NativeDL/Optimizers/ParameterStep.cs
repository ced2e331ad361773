namespace NativeDL;

/// <summary>A step of one parameter, as <see cref="Optimizer.Update"/> sees it.</summary>
/// <remarks>Beside half-precision parameters all tensors here are Float32; the value is rounded once, when the step is done.</remarks>
public sealed class ParameterStep
{
    private readonly ParameterState state;
    private readonly IReadOnlyList<string> names;
    private readonly Tensor? isGood;
    private Tensor value;

    internal ParameterStep(ParameterState state, IReadOnlyList<string> names, Tensor gradient, double rate, Tensor? isGood)
    {
        (this.state, this.names, Gradient, Rate, this.isGood) = (state, names, gradient, rate, isGood);
        value = Read(state.Parameter);
    }

    /// <summary>The parameter.</summary>
    public Parameter Parameter => state.Parameter;

    /// <summary>The learning rate of this step.</summary>
    public double Rate { get; }

    /// <summary>Which step of this parameter it is, counted from 1.</summary>
    public long Number => state.Steps + 1;

    /// <summary>The gradient, clipped.</summary>
    public Tensor Gradient { get; }

    /// <summary>The parameter's value; setting it is what a step is for.</summary>
    /// <exception cref="ShapeMismatchException">What is set has another shape.</exception>
    /// <exception cref="DTypeMismatchException">What is set has another element type.</exception>
    public Tensor Value
    {
        get => value;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Shape != this.value.Shape)
                throw Error.Shape($"Parameter({Parameter.Name})", "a step gives a parameter another shape", $"{value.Shape}", $"{this.value.Shape}");
            if (value.DType != this.value.DType)
                throw Error.DType($"Parameter({Parameter.Name})", "a step gives a parameter another element type", $"{value.DType}", $"{this.value.DType}");
            this.value = value;
        }
    }

    /// <summary>What is kept for the parameter under one of the optimizer's slot names, 0 at first; setting it overwrites it.</summary>
    /// <param name="slot">The slot's name.</param>
    /// <exception cref="InvalidInputException">There is no slot of that name; the error lists those there are.</exception>
    /// <exception cref="ShapeMismatchException">What is set has another shape.</exception>
    public Tensor this[string slot] { get => Read(Slot(slot)); set => Slot(slot).AssignWhere(isGood, value); }

    /// <summary>Gives the parameter its value.</summary>
    internal void End() => Parameter.AssignWhere(isGood, value.Cast(Parameter.DType));

    private Parameter Slot(string name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name) return state.Slots[i];
        throw Error.UnknownName("slot", name, names);
    }

    private static Tensor Read(Parameter from) => from.Value.StopGradient().Cast(from.DType.ComputeType());
}
