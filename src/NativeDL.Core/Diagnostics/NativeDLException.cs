namespace NativeDL;

/// <summary>The base of every error that NativeDL raises on its own account.</summary>
/// <param name="message">What went wrong, in the house's shape: <c>Op(what): reason. Got …; expected …. Hint: …</c></param>
/// <param name="inner">The error underneath, if there is one.</param>
public class NativeDLException(string message, Exception? inner = null) : Exception(message, inner)
{
    private string? layer;

    /// <summary>What went wrong, and inside of a model in which layer.</summary>
    public override string Message => layer is null ? base.Message : $"{base.Message} In layer '{layer}'.";

    /// <summary>Notes a layer that the error passes on its way out, the innermost first; for the filter of a catch, which it never lets catch.</summary>
    internal bool Within(string name)
    {
        layer = layer is null ? name : $"{name}/{layer}";
        return false;
    }
}
