using System.Text.RegularExpressions;
using NativeDL.Generators.FSharp;

// Tensor.fs, and where to write the functions that it does not have.
if (args is not [var written, var target])
{
    Console.Error.WriteLine("Usage: NativeDL.Generators.FSharp path/to/Tensor.fs path/to/result.fs");
    return 2;
}
var names = Regex.Matches(File.ReadAllText(written), @"^    let (?:inline )?(\w+)", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
string text = TensorFunctions.Write(names.ToHashSet(StringComparer.OrdinalIgnoreCase));
// A file that stays as it was is not compiled again.
if (!File.Exists(target) || File.ReadAllText(target) != text) File.WriteAllText(target, text);
return 0;
