namespace NativeDL;

/// <summary>The base of every error that NativeDL raises on its own account.</summary>
/// <param name="message">What went wrong, in the house's shape: <c>Op(what): reason. Got …; expected …. Hint: …</c></param>
/// <param name="inner">The error underneath, if there is one.</param>
public class NativeDLException(string message, Exception? inner = null) : Exception(message, inner);
