using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeDL.Interop;

/// <summary>
/// The one import resolver of this assembly. A binding names its library with a logical name
/// (<c>openblas</c>, <c>cuda</c> …) and registers here how that name becomes a handle.
/// </summary>
internal static class NativeLibraries
{
    private static readonly ConcurrentDictionary<string, Func<nint>> Resolvers = new(StringComparer.Ordinal);

    /// <summary>Says how <paramref name="logicalName"/> is resolved. The function returns 0 where the library is absent.</summary>
    internal static void Register(string logicalName, Func<nint> resolve) => Resolvers[logicalName] = resolve;

    // One resolver an assembly is all the runtime allows; a module initializer sets it before any import can run.
#pragma warning disable CA2255 // meant for applications, but an import resolver has no other place to be set in time
    [ModuleInitializer]
    internal static void Install()
#pragma warning restore CA2255
    {
        Register(OpenBlas.OpenBlasLibrary.LogicalName, () => OpenBlas.OpenBlasLibrary.Handle);
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => Resolve(name));
    }

    private static nint Resolve(string name)
    {
        if (!Resolvers.TryGetValue(name, out var resolve))
        {
            return 0; // not one of ours (a system library): the runtime's own search finds it
        }

        nint handle = resolve();
        // Returning 0 would let the runtime search by itself, and find what the user has hidden.
        return handle != 0 ? handle : throw new DllNotFoundException(
            $"Native library({name}): it is not loaded. Hint: ask whether it is available before calling into it.");
    }
}
