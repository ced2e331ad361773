namespace NativeDL.Metrics;

/// <summary>How what is counted for each class becomes one number.</summary>
public enum Average
{
    /// <summary>All counts together, whatever the class.</summary>
    Micro,

    /// <summary>The mean over classes, each counting alike.</summary>
    Macro,

    /// <summary>The mean over classes, each counting by its targets.</summary>
    Weighted,
}
