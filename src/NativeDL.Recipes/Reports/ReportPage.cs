using System.Globalization;
using System.Text;
using NativeDL.Formats;
using NativeDL.Plotting;
using static NativeDL.Recipes.Reports.Html;

namespace NativeDL.Recipes.Reports;

/// <summary>The report of a run as one web page that needs nothing but itself.</summary>
/// <param name="result">The run.</param>
/// <param name="steps">The loss and the learning rate of each step.</param>
/// <param name="trained">Number of training examples.</param>
/// <param name="test">The test data, for pictures.</param>
internal sealed class ReportPage(TrainingResult result, StepRecorder steps, int trained, Dataset test)
{
    private readonly StringBuilder html = new(1 << 16);
    private readonly IReadOnlyList<ReportFact> facts = result.Test.Facts;

    /// <summary>Writes the page; an existing file is replaced as a whole or not at all.</summary>
    public void Save(string path)
    {
        byte[] page = Encoding.UTF8.GetBytes(ToHtml());
        AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        html.Clear();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>")
            .Append(Text($"{result.Recipe.Name}: {facts[0].Value}")).Append("</title>\n<style>\n").Append(ReportStyle.Css)
                .Append("\n</style>\n</head>\n<body>\n<main>\n");
        html.Append("<header><h1>").Append(Text(result.Recipe.Name)).Append("</h1><p>").Append(Text(result.Recipe.Description)).Append("</p></header>\n");
        Facts();
        html.Append("<div class=\"grid\">\n");
        Curves();
        foreach (var section in result.Test.Sections(result.Recipe, test)) Add(section);
        Add(new("Model", "", $"<pre>{Text(result.Model.Summary().TrimEnd())}</pre>"));
        Settings();
        html.Append("</div>\n<footer>Written by NativeDL ").Append(Text(DateTime.Now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)))
            .Append(". The same seed gives the same weights, to the bit, on any number of threads.</footer>\n</main>\n</body>\n</html>\n");
        return html.ToString();
    }

    private void Facts()
    {
        html.Append("<div class=\"facts\">\n");
        foreach (var (place, fact) in facts.Index()) Fact(fact.Value, fact.Name, place == 0 ? "fact first" : "fact");
        Fact(Duration(result.Seconds), $"to train {result.Epochs} epoch{(result.Epochs == 1 ? "" : "s")}");
        Fact(Whole(result.ExamplesPerSecond), "examples a second");
        Fact(Whole(result.Model.TrainableParameters.Sum(p => p.Shape.ElementCount)), "trainable parameters");
        html.Append("</div>\n");

        void Fact(string value, string name, string css = "fact") =>
            html.Append("<div class=\"").Append(css).Append("\"><b>").Append(Text(value)).Append("</b><span>").Append(Text(name)).Append("</span></div>\n");
    }

    private void Curves()
    {
        var (places, losses) = Thinned(steps.Places, steps.Losses, 160);
        double[] epochs = [.. Enumerable.Range(1, result.History.Epochs).Select(e => (double)e)];
        bool positive = losses.All(l => l > 0);
        Add(new("Loss", "Of the steps as they were taken, and of the validation data after each epoch.",
            new LineChart { XLabel = "epoch", LogY = positive, Width = 520, Height = 300 }
                .Add("training", places, losses).Add("validation", epochs, result.History["val_loss"]).ToSvg()));
        foreach (string measured in result.History.Columns.Where(c => c != "loss" && result.History.Contains($"val_{c}")))
            Add(new(Title(measured), "Over each epoch. The validation data are the test data: nothing is chosen by them.",
                new LineChart { XLabel = "epoch", WholeX = true, Width = 520, Height = 300 }
                    .Add("training", epochs, result.History[measured]).Add("validation", epochs, result.History[$"val_{measured}"]).ToSvg()));
        var (at, rates) = Picked(steps.Places, steps.Rates, 120);
        Add(new("Learning rate", "", new LineChart { XLabel = "epoch", Width = 520, Height = 230 }.Add("learning rate", at, rates).ToSvg()));
    }

    private void Settings()
    {
        var text = new StringBuilder("<table class=\"pairs\">\n");
        var data = result.Recipe.Data;
        Pair("data", $"{data.Name}: {Whole(trained)} to train on, {Whole(test.Count)} to test with; {data.Licence}");
        Pair("optimization", result.Recipe.Optimization);
        Pair("epochs, batch, seed", $"{result.Epochs}, {result.BatchSize}, {result.Seed}");
        Pair("test loss", result.Test.Measured.Loss.ToString("G4", CultureInfo.InvariantCulture));
        Pair("processor", $"{Machine.Processor}; {Threads.Count} thread{(Threads.Count == 1 ? "" : "s")}, {Machine.Simd}");
        Pair("device", result.Model.Parameters[0].Value.Device.Name);
        Pair("products", Machine.Products);
        Pair("system", $"{Machine.OperatingSystem}, {Machine.Runtime}");
        text.Append("<tr><td>weights, SHA-256</td><td><code>").Append(result.WeightsSha256).Append("</code></td></tr>\n</table>");
        Add(new("Run", "", text.ToString()));

        void Pair(string name, string value) => text.Append("<tr><td>").Append(Text(name)).Append("</td><td>").Append(Text(value)).Append("</td></tr>\n");
    }

    private void Add(ReportSection section)
    {
        html.Append("<section").Append(section.IsWide ? " class=\"wide\"" : "").Append("><h2>").Append(Text(section.Title)).Append("</h2>\n");
        if (section.About.Length > 0) html.Append("<p>").Append(Text(section.About)).Append("</p>\n");
        html.Append(section.Html).Append("</section>\n");
    }

    // mean_absolute_error as a heading.
    private static string Title(string name) => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    // Means of neighbours, so that a curve of thousands of steps stays a curve.
    private static (double[] X, double[] Y) Thinned(List<double> x, List<double> y, int most)
    {
        int group = Math.Max(1, (x.Count + most - 1) / most);
        return ([.. x.Chunk(group).Select(c => c.Average())], [.. y.Chunk(group).Select(c => c.Average())]);
    }

    // Points of a smooth curve, the first and the last among them.
    private static (double[] X, double[] Y) Picked(List<double> x, List<double> y, int most)
    {
        int count = Math.Min(x.Count, most);
        int[] picked = [.. Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)((long)i * (x.Count - 1) / (count - 1)))];
        return ([.. picked.Select(i => x[i])], [.. picked.Select(i => y[i])]);
    }
}
