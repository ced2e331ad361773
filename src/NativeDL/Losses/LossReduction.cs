namespace NativeDL;

/// <summary>How the losses of a batch's rows become one number.</summary>
public enum LossReduction
{
    /// <summary>Their sum divided by their number, weights or not; Keras calls it <c>sum_over_batch_size</c>.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}
