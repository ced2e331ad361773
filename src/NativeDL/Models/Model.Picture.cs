using System.Text;

namespace NativeDL;

public partial class Model
{
    /// <summary>The calls of the model in the language of Graphviz, shapes at the arrows.</summary>
    /// <exception cref="InvalidInputException">The model was not built yet.</exception>
    public string ToDot() => GraphDot.Write(Name, Graph);

    /// <summary>A picture of the calls of the model, shapes at the arrows.</summary>
    /// <exception cref="InvalidInputException">The model was not built yet.</exception>
    public string ToSvg() => GraphSvg.Write(Name, Graph);

    /// <summary>Writes <see cref="ToSvg"/> to a file.</summary>
    /// <exception cref="InvalidInputException">The model was not built yet.</exception>
    public void SaveSvg(string path) => Formats.AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(ToSvg())));
}
