using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace NativeDL.Recipes;

/// <summary>A fingerprint of a model's parameters.</summary>
internal static class WeightsHash
{
    /// <summary>SHA-256, in lower-case hexadecimal digits, over the bytes of all parameters in the order of their names.</summary>
    public static string Of(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, parameter) in model.NamedParameters.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            switch (parameter.DType)
            {
                case DType.Float32: Append<float>(parameter.Value); break;
                case DType.Float64: Append<double>(parameter.Value); break;
                case DType.Int32: Append<int>(parameter.Value); break;
                case DType.Int64: Append<long>(parameter.Value); break;
                default: Append<byte>(parameter.Value.Cast(DType.UInt8)); break;
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append<T>(Tensor value) where T : unmanaged => value.Read<T>(elements => hash.AppendData(MemoryMarshal.AsBytes(elements)));
    }
}
