namespace NativeDL.Cuda;

/// <summary>The shape of a grid or a block, with CUDA's own spelling.</summary>
/// <param name="x">The extent that runs fastest.</param>
/// <param name="y">The second extent.</param>
/// <param name="z">The third extent.</param>
#pragma warning disable CA1711, IDE1006 // CUDA's name, which programs for CUDA use
public readonly struct dim3(uint x, uint y = 1, uint z = 1) : IEquatable<dim3>
#pragma warning restore CA1711, IDE1006
{
    /// <summary>The shape with these extents.</summary>
    public dim3(int x, int y = 1, int z = 1)
        : this(checked((uint)x), checked((uint)y), checked((uint)z))
    {
    }

    /// <summary>The extent that runs fastest.</summary>
#pragma warning disable CA1051, IDE1006 // CUDA's names
    public readonly uint x = x;

    /// <summary>The second extent.</summary>
    public readonly uint y = y;

    /// <summary>The third extent.</summary>
    public readonly uint z = z;
#pragma warning restore CA1051, IDE1006

    /// <summary>How many elements it has.</summary>
    public long Count => (long)x * y * z;

    /// <summary>A line.</summary>
    public static implicit operator dim3(int x) => new(x);

    /// <summary>A line.</summary>
    public static implicit operator dim3(uint x) => new(x);

    /// <summary>A plane.</summary>
    public static implicit operator dim3((int X, int Y) shape) => new(shape.X, shape.Y);

    /// <summary>A box.</summary>
    public static implicit operator dim3((int X, int Y, int Z) shape) => new(shape.X, shape.Y, shape.Z);

    /// <summary>Whether two shapes are the same.</summary>
    public static bool operator ==(dim3 left, dim3 right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(dim3 left, dim3 right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(dim3 other) => x == other.x && y == other.y && z == other.z;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is dim3 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(x, y, z);

    /// <inheritdoc/>
    public override string ToString() => $"({x}, {y}, {z})";
}
