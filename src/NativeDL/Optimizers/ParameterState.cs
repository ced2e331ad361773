namespace NativeDL;

/// <summary>What an optimizer keeps of a parameter.</summary>
/// <param name="parameter">The parameter.</param>
/// <param name="slots">What is kept from step to step, in the order of the slots' names.</param>
internal sealed class ParameterState(Parameter parameter, Parameter[] slots)
{
    public Parameter Parameter => parameter;

    public Parameter[] Slots => slots;

    /// <summary>How many steps the parameter has made.</summary>
    public long Steps { get; set; }

    /// <summary>Brings the slots to where the parameter is, in the type that is computed with: Float32 beside half-precision parameters.</summary>
    public void Follow()
    {
        foreach (var slot in slots)
        {
            slot.CastTo(parameter.DType.ComputeType());
            slot.MoveTo(parameter.Value.Device);
        }
    }
}
