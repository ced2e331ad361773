namespace NativeDL;

/// <summary>
/// Ends training, as by <see cref="TrainingState.Stop"/>, where the loss or a gradient is not finite; without it that is a <see cref="NumericException"/>. The
/// parameters are those of the last good step, and <see cref="History.StopReason"/> tells what was not finite and where.
/// </summary>
public sealed class TerminateOnNaN : Callback;
