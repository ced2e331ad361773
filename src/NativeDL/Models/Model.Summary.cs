using System.Globalization;
using System.Text;

namespace NativeDL;

public abstract partial class Model
{
    /// <summary>The layers, their output shapes and parameter counts, as Keras lists them.</summary>
    /// <exception cref="InvalidInputException">The model was not built yet, so that shapes are unknown.</exception>
    public string Summary()
    {
        if (LastOutput is null) throw Error.Input($"{Name}.Summary", "the shapes are not known before the first input", null, null, "call Build(batch, …) with the input's shape, or use the model once");
        var rows = new List<(string, string, string)> { ("Layer (type)", "Output shape", "Param #") };
        foreach (var layer in Layers)
            rows.Add(($"{NameOf(layer)} ({layer.GetType().Name})", Printed(layer.LastOutput), Count(layer.Parameters)));
        int first = rows.Max(r => r.Item1.Length) + 2, second = rows.Max(r => r.Item2.Length) + 2, third = Math.Max(12, rows.Max(r => r.Item3.Length));
        string thin = new('─', first + second + third), thick = new('═', first + second + third);

        var text = new StringBuilder($"Model: \"{Name}\"\n").Append(thin).Append('\n');
        for (int i = 0; i < rows.Count; i++)
        {
            text.Append(rows[i].Item1.PadRight(first)).Append(rows[i].Item2.PadRight(second)).Append(rows[i].Item3.PadLeft(third)).Append('\n');
            if (i == 0) text.Append(thick).Append('\n');
        }
        var parameters = Parameters;
        return text.Append(thick)
            .Append("\nTotal params: ").Append(Count(parameters))
            .Append("\nTrainable params: ").Append(Count(parameters.Where(p => p.Trainable)))
            .Append("\nNon-trainable params: ").Append(Count(parameters.Where(p => !p.Trainable)))
            .Append('\n').Append(thin).Append('\n').ToString();

        static string Printed(Shape? shape) => shape is null ? "?" : shape.Rank == 1 ? "(None,)" : $"(None, {string.Join(", ", shape.Skip(1))})";

        static string Count(IEnumerable<Parameter> parameters) => parameters.Sum(p => p.Shape.ElementCount).ToString("N0", CultureInfo.InvariantCulture);
    }
}
