namespace NativeDL.Formats;

/// <summary>The dtype names of safetensors.</summary>
internal static class SafetensorsTypes
{
    public const string Known =
        "BOOL, U8, I8, U16, I16, U32, I32, U64, I64, F16, BF16, F32, F64, C64, F4, F6_E2M3, F6_E3M2, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ";

    public static ElementKind? Parse(string name) => name switch
    {
        "BOOL" => ElementKind.Bool,
        "U8" => ElementKind.UInt8,
        "I8" => ElementKind.Int8,
        "U16" => ElementKind.UInt16,
        "I16" => ElementKind.Int16,
        "U32" => ElementKind.UInt32,
        "I32" => ElementKind.Int32,
        "U64" => ElementKind.UInt64,
        "I64" => ElementKind.Int64,
        "F16" => ElementKind.Float16,
        "BF16" => ElementKind.BFloat16,
        "F32" => ElementKind.Float32,
        "F64" => ElementKind.Float64,
        "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" => ElementKind.Float8,
        "F6_E2M3" or "F6_E3M2" => ElementKind.Float6,
        "F4" => ElementKind.Float4,
        "C64" => ElementKind.Complex64,
        _ => null,
    };

    public static string Name(ElementKind kind) => kind switch
    {
        ElementKind.Bool => "BOOL",
        ElementKind.UInt8 => "U8",
        ElementKind.Int32 => "I32",
        ElementKind.Int64 => "I64",
        ElementKind.Float32 => "F32",
        ElementKind.Float64 => "F64",
        ElementKind.Float16 => "F16",
        ElementKind.BFloat16 => "BF16",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only tensor types are written."),
    };
}
