namespace NativeDL;

/// <summary>Shapes do not fit each other or the operation.</summary>
/// <param name="message">The operation, the shapes given and the shapes expected.</param>
public sealed class ShapeMismatchException(string message) : NativeDLException(message);

/// <summary>Element types do not fit each other or the operation; nothing is ever cast silently.</summary>
/// <param name="message">The operation and both element types.</param>
public sealed class DTypeMismatchException(string message) : NativeDLException(message);

/// <summary>A value given by the caller cannot be used: a name nobody knows, a label out of range, a batch of size 0 …</summary>
/// <param name="message">The value given and the values allowed.</param>
/// <param name="inner">The error underneath, if there is one.</param>
public sealed class InvalidInputException(string message, Exception? inner = null) : NativeDLException(message, inner);

/// <summary>A NaN or an infinity appeared where numbers must be finite.</summary>
/// <param name="message">The place where it was first seen.</param>
public sealed class NumericException(string message) : NativeDLException(message);

/// <summary>Automatic differentiation cannot give what was asked for.</summary>
/// <param name="message">The operation or tensor, and the reason.</param>
public sealed class GradientException(string message) : NativeDLException(message);

/// <summary>A device is missing, lost, or not the one that the operands live on.</summary>
/// <param name="message">The devices concerned and the reason.</param>
/// <param name="inner">The error underneath, if there is one.</param>
public class DeviceException(string message, Exception? inner = null) : NativeDLException(message, inner);

/// <summary>A device has no memory left, also after its pool gave back all it held in reserve.</summary>
/// <param name="message">Bytes requested, live and cached, and the largest live tensors.</param>
/// <param name="inner">The error underneath, if there is one.</param>
public sealed class OutOfDeviceMemoryException(string message, Exception? inner = null) : DeviceException(message, inner);
