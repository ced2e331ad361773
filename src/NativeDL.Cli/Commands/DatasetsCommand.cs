using System.CommandLine;

namespace NativeDL.Cli.Commands;

/// <summary><c>ndl datasets</c>: the data sets, whether they are here, where they come from and on what terms.</summary>
internal static class DatasetsCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("datasets", "Lists the data sets with their licences, and whether they are in the cache.");
        command.SetAction(_ =>
        {
            terminal.Out.WriteLine($"cache: {Datasets.CacheFolder}");
            foreach (var data in Datasets.All)
            {
                terminal.Out.WriteLine();
                terminal.Out.WriteLine($"{data.Name}  {Where(data)}");
                terminal.Out.WriteLine(FormattableString.Invariant($"  {data.Description}; {data.TrainCount:N0} to train on, {data.TestCount:N0} to test with"));
                terminal.Out.WriteLine($"  by       {data.Origin}");
                terminal.Out.WriteLine($"  licence  {data.Licence}");
                if (data.Sources.Count > 0) terminal.Out.WriteLine($"  sources  {string.Join("\n           ", data.Sources)}");
            }
            return Ndl.Success;
        });
        return command;
    }

    private static string Where(NamedDataset data) =>
        data.Sources is [] or ["embedded"] ? "needs no file"
        : data.IsLocal ? "in the cache"
        : data.IsDamaged ? "damaged in the cache; fetched again when it is next used"
        : "not here yet; fetched when it is first used";
}
