using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>Computes with whatever type it is called for.</summary>
internal interface ITypedBody
{
    void Run<T>(Operands x, Results y) where T : unmanaged, INumber<T>;
}

/// <summary>From an element type to the .NET type that is computed with: the one switch.</summary>
internal static class ByType
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TBody>(DType type, TBody body, Operands x, Results y) where TBody : struct, ITypedBody
    {
        switch (type)
        {
            case DType.Float32: body.Run<float>(x, y); break;
            case DType.Float64: body.Run<double>(x, y); break;
            case DType.Int32: body.Run<int>(x, y); break;
            case DType.Int64: body.Run<long>(x, y); break;
            case DType.Bool or DType.UInt8: body.Run<byte>(x, y); break;
            case DType.BFloat16 or DType.Float16: body.Run<ushort>(x, y); break;   // as they are stored
            default: throw new UnreachableException();
        }
    }
}
