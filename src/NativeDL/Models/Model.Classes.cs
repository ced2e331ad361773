namespace NativeDL;

public partial class Model
{
    private IReadOnlyList<string> classNames = [];

    /// <summary>
    /// What the numbers 0, 1, … of its classes mean: taken from the first data set with <see cref="Dataset.ClassNames"/> that it is fitted to, and
    /// saved with it. Data that numbers classes otherwise is refused; a table is read by the model's numbers with
    /// <c>new CsvOptions { ClassNames = model.ClassNames }</c>. Empty where nobody named them; setting them empty forgets them.
    /// </summary>
    public IReadOnlyList<string> ClassNames
    {
        get => classNames;
        set => classNames = [.. value ?? throw new ArgumentNullException(nameof(value))];
    }

    // Labels are numbers: two data sets that number their classes differently would train and measure nonsense without a word.
    private void AgreeOnClasses(string method, Dataset data, bool learns)
    {
        if (data.ClassNames.Count == 0) return;
        if (classNames.Count == 0)
        {
            if (learns) ClassNames = data.ClassNames;
            return;
        }
        if (classNames.SequenceEqual(data.ClassNames)) return;
        int first = Enumerable.Range(0, Math.Max(classNames.Count, data.ClassNames.Count))
            .First(i => i >= classNames.Count || i >= data.ClassNames.Count || classNames[i] != data.ClassNames[i]);
        throw Error.Input($"{Name}.{method}", "the data numbers its classes otherwise than the model",
            $"class {first} is {Named(data.ClassNames, first)} of {data.ClassNames.Count} in the data, {Named(classNames, first)} of {classNames.Count} in the model", null,
            "read a table with new CsvOptions { ClassNames = model.ClassNames }; where the model is to learn other classes, set model.ClassNames = [] first");

        static string Named(IReadOnlyList<string> names, int i) => i < names.Count ? $"'{names[i]}'" : "none";
    }
}
