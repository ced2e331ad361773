namespace NativeDL;

/// <summary>What becomes of the sums of a product: z = sum + bias, y = activation(z).</summary>
/// <param name="Y">The result.</param>
/// <param name="Z">Keeps what the activation saw, unless null.</param>
/// <param name="Bias">A number for each column, or null.</param>
/// <param name="Activation">The activation, or null for none.</param>
internal readonly record struct ProductResult(Tensor Y, Tensor? Z = null, Tensor? Bias = null, Epilogue? Activation = null);
