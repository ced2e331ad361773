namespace NativeDL;

/// <summary>The places of a window of which one image row (or column) is part, over all results.</summary>
/// <param name="First">The first such place; the others follow by <paramref name="Step"/>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Step">From one place to the next.</param>
/// <param name="Result">The result whose window has the image row at its first place.</param>
/// <param name="Back">Each further place belongs to the result this many before.</param>
internal readonly record struct Meetings(int First, int Count, int Step, int Result, int Back)
{
    /// <summary>For every position from <paramref name="before"/> of the padded image: worked out once, because it divides.</summary>
    public static Meetings[] All(int size, int before, int stride, int dilation, int window, int results)
    {
        var all = new Meetings[size];
        for (int i = 0; i < size; i++) all[i] = Of(i + before, stride, dilation, window, results);
        return all;
    }

    /// <summary>For a position of the padded image.</summary>
    public static Meetings Of(int position, int stride, int dilation, int window, int results)
    {
        int first = 0, count = 0, last = 0, result = 0;
        for (int k = 0; k < window; k++)
        {
            int rest = position - k * dilation;
            if (rest < 0 || rest % stride != 0 || rest / stride >= results) continue;
            if (count++ == 0) (first, result) = (k, rest / stride);
            last = k;
        }
        int step = count > 1 ? (last - first) / (count - 1) : 1;
        return new(first, count, step, result, step * dilation / stride);
    }
}
