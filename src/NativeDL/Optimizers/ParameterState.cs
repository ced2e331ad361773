namespace NativeDL;

/// <summary>What an optimizer keeps of a parameter.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="slots">What the rule keeps from step to step, in the order of the slots' names.</param>
/// <param name="around">What is kept around the rule: averages, sums of gradients.</param>
internal sealed class ParameterState(Parameter parameter, Parameter[] slots, Parameter[] around)
{
    public Parameter Parameter => parameter;

    public Parameter[] Slots => slots;

    public Parameter[] Around => around;

    /// <summary>How many steps the parameter has made.</summary>
    public long Steps { get; set; }

    /// <summary>Brings the slots to where the parameter is, in the type that is computed with: Float32 beside half-precision parameters.</summary>
    public void Follow()
    {
        foreach (var slot in slots.Concat(around))
        {
            slot.CastTo(parameter.DType.ComputeType());
            slot.MoveTo(parameter.Value.Device);
        }
    }
}
