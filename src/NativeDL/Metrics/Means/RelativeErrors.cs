namespace NativeDL.Metrics;

/// <summary>The mean of 100·|y − o| / max(|y|, 1e-7) over all outputs, in percent, as <see cref="Losses.MeanAbsolutePercentageError"/>. (spec 16.6)</summary>
[Registered("mean_absolute_percentage_error", "mape")]
public sealed class MeanAbsolutePercentageError() : LossMetric(new Losses.MeanAbsolutePercentageError());

/// <summary>The mean of (log(1 + o) − log(1 + y))² over all outputs, as <see cref="Losses.MeanSquaredLogarithmicError"/>.</summary>
[Registered("mean_squared_logarithmic_error", "msle")]
public sealed class MeanSquaredLogarithmicError() : LossMetric(new Losses.MeanSquaredLogarithmicError());

/// <summary>The mean of log cosh(o − y) over all outputs, as <see cref="Losses.LogCosh"/>.</summary>
[Registered("logcosh", "log_cosh", "log_cosh_error")]
public sealed class LogCoshError() : LossMetric(new Losses.LogCosh());

/// <summary>The mean of o − y·log o over all outputs, as <see cref="Losses.Poisson"/>.</summary>
public sealed class Poisson() : LossMetric(new Losses.Poisson());
