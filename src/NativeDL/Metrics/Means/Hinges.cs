namespace NativeDL.Metrics;

/// <summary>The mean of max(0, 1 − y·o), as <see cref="Losses.Hinge"/>; targets are −1 or 1, 0 stands for −1.</summary>
public sealed class Hinge() : LossMetric(new Losses.Hinge());

/// <summary>The mean of max(0, 1 − y·o)², as <see cref="Losses.SquaredHinge"/>; targets are −1 or 1, 0 stands for −1.</summary>
public sealed class SquaredHinge() : LossMetric(new Losses.SquaredHinge());

/// <summary>The mean of max(0, 1 + the highest wrong score − the right one), as <see cref="Losses.CategoricalHinge"/>; targets are one-hot rows.</summary>
public sealed class CategoricalHinge() : LossMetric(new Losses.CategoricalHinge());
