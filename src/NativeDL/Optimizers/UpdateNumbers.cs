namespace NativeDL;

/// <summary>The numbers of an update rule in a step: <c>update_numbers</c> of <c>optimizers.cu</c>.</summary>
internal unsafe struct UpdateNumbers
{
    private const int Most = 8;

    private fixed double values[Most];

    public UpdateNumbers(params ReadOnlySpan<double> numbers)
    {
        for (int i = 0; i < Most; i++) values[i] = i < numbers.Length ? numbers[i] : 0;
    }

    public readonly double this[int i] => values[i];
}
