namespace NativeDL;

/// <summary>A rule by which each element of a parameter changes on its own, for a device to run over all parameters at once.</summary>
/// <param name="Kernel">The name of its kernels, without the suffix of the element type.</param>
/// <param name="Single">The rule on the processor, of float32 and half-precision parameters.</param>
/// <param name="Double">The same for float64.</param>
internal sealed record UpdateRule(string Kernel, UpdateLoop<float> Single, UpdateLoop<double> Double);

/// <summary>Changes a stretch of a parameter.</summary>
internal delegate void UpdateLoop<T>(UpdateSpans<T> x) where T : unmanaged;
