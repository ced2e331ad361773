namespace NativeDL;

/// <summary>How the losses of a batch's rows become one number.</summary>
public enum LossReduction
{
    /// <summary>
    /// Their sum divided by their number, weights or not; Keras calls it <c>sum_over_batch_size</c>. Over several batches it is the mean over all rows.
    /// </summary>
    Mean,

    /// <summary>
    /// Their sum. Over several batches, as in an epoch or an evaluation, it is the sum over all rows: it does not depend on how they were cut.
    /// </summary>
    Sum,
}
