using System.Numerics;
using System.Runtime.InteropServices;
using Xunit;

namespace NativeDL.Tests.Ops;

/// <summary>
/// A row-major matrix in native memory at a chosen misalignment, with NaN guards before it, behind it and between
/// its rows. <see cref="AssertGuardsIntact"/> compares the guards bit by bit.
/// </summary>
internal sealed unsafe class GuardedMatrix<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Guard = 64;
    private T* _memory;
    private readonly int _total, _start;

    public GuardedMatrix(int rows, int columns, int padding = 0, int offset = 0)
    {
        (Rows, Columns, Ld) = (rows, columns, columns + padding);
        _start = Guard + offset;
        _total = _start + (rows * Ld) + Guard;
        _memory = (T*)NativeMemory.AlignedAlloc((nuint)(_total * sizeof(T)), 64);
        new Span<T>(_memory, _total).Fill(T.NaN);
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Ld { get; }

    public T* Pointer => _memory + _start;

    public T this[int i, int j]
    {
        get => Pointer[((long)i * Ld) + j];
        set => Pointer[((long)i * Ld) + j] = value;
    }

    /// <summary>The same values whatever the padding and offset.</summary>
    public GuardedMatrix<T> FillRandom(int seed)
    {
        var random = new Random(seed);
        return Fill((_, _) => T.CreateChecked((random.NextDouble() * 2) - 1));
    }

    public GuardedMatrix<T> Fill(Func<int, int, T> value)
    {
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                this[i, j] = value(i, j);
            }
        }

        return this;
    }

    public GuardedMatrix<T> Transposed(int padding = 0, int offset = 0)
        => new GuardedMatrix<T>(Columns, Rows, padding, offset).Fill((i, j) => this[j, i]);

    public T[] ToArray()
    {
        var values = new T[Rows * Columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = this[i / Columns, i % Columns];
        }

        return values;
    }

    public void AssertGuardsIntact()
    {
        for (int p = 0; p < _total; p++)
        {
            int inside = p - _start;
            bool isElement = inside >= 0 && inside < Rows * Ld && inside % Ld < Columns;
            Assert.True(isElement || T.IsNaN(_memory[p]), $"element {inside} outside of [{Rows}, {Columns}] (ld {Ld}) was written");
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
