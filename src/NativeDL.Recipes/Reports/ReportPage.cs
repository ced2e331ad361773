using System.Globalization;
using System.Net;
using System.Text;
using NativeDL.Formats;
using NativeDL.Plotting;

namespace NativeDL.Recipes.Reports;

/// <summary>The report of a run as one web page that needs nothing but itself.</summary>
/// <param name="result">The run.</param>
/// <param name="steps">The loss and the learning rate of each step.</param>
/// <param name="trained">Number of training examples.</param>
/// <param name="test">The test data, for pictures.</param>
internal sealed class ReportPage(TrainingResult result, StepRecorder steps, int trained, Dataset test)
{
    private readonly StringBuilder html = new(1 << 16);
    private readonly Predictions predictions = result.Test;

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
            .Append(Text($"{result.Recipe.Name}: {Percent(predictions.Accuracy)}")).Append("</title>\n<style>\n").Append(ReportStyle.Css).Append("\n</style>\n</head>\n<body>\n<main>\n");
        html.Append("<header><h1>").Append(Text(result.Recipe.Name)).Append("</h1><p>").Append(Text(result.Recipe.Description)).Append("</p></header>\n");
        Facts();
        html.Append("<div class=\"grid\">\n");
        Curves();
        Confusion();
        Classes();
        Pictures();
        Section("Model", "", () => html.Append("<pre>").Append(Text(result.Model.Summary().TrimEnd())).Append("</pre>"));
        Settings();
        html.Append("</div>\n<footer>Written by NativeDL ").Append(Text(DateTime.Now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)))
            .Append(". The same seed gives the same weights, to the bit, on any number of threads.</footer>\n</main>\n</body>\n</html>\n");
        return html.ToString();
    }

    private void Facts()
    {
        html.Append("<div class=\"facts\">\n");
        Fact(Percent(predictions.Accuracy), "test accuracy", "fact first");
        Fact(Whole(predictions.Count - predictions.Correct), $"mistakes in {Whole(predictions.Count)}");
        Fact(Duration(result.Seconds), $"to train {result.Epochs} epoch{(result.Epochs == 1 ? "" : "s")}");
        Fact(Whole(result.ExamplesPerSecond), "examples a second");
        Fact(Whole(result.Model.Parameters.Where(p => p.Trainable).Sum(p => p.Shape.ElementCount)), "trainable parameters");
        html.Append("</div>\n");

        void Fact(string value, string name, string css = "fact") =>
            html.Append("<div class=\"").Append(css).Append("\"><b>").Append(Text(value)).Append("</b><span>").Append(Text(name)).Append("</span></div>\n");
    }

    private void Curves()
    {
        var (places, losses) = Thinned(steps.Places, steps.Losses, 160);
        var epochs = Enumerable.Range(1, result.History.Epochs).Select(e => (double)e).ToArray();
        Section("Loss", "Mean crossentropy: of the steps as they were taken, and of the validation data after each epoch.", () => html.Append(
            new LineChart { XLabel = "epoch", LogY = true, Width = 520, Height = 300 }.Add("training", places, losses).Add("validation", epochs, result.History["val_loss"]).ToSvg()));
        Section("Accuracy", "The mean of each epoch. The validation data are the test data: nothing is chosen by them.", () => html.Append(
            new LineChart { XLabel = "epoch", WholeX = true, Width = 520, Height = 300 }
                .Add("training", epochs, result.History["accuracy"]).Add("validation", epochs, result.History["val_accuracy"]).ToSvg()));
    }

    private void Confusion() => Section("Confusion", "Which class is taken for which. Colours are by row and favour the rare.", () => html.Append("<div class=\"cells\">").Append(
        HeatMap.Confusion(predictions.Truth, predictions.Predicted, result.Recipe.Info.ClassNames, "").ToSvg()).Append("</div>"));

    private void Classes() => Section("Classes", "Precision: how often the answer is right. Recall: how many are found.", () =>
    {
        html.Append("<table><tr><th>class</th><th>examples</th><th>precision</th><th>recall</th></tr>\n");
        for (int c = 0; c < predictions.Classes; c++)
        {
            int of = c;
            html.Append("<tr><td>").Append(Text(result.Recipe.Info.ClassNames[c])).Append("</td><td>").Append(Whole(predictions.Truth.Count(t => t == of))).Append("</td><td>");
            Meter(predictions.Precision(c));
            html.Append("</td><td>");
            Meter(predictions.Recall(c));
            html.Append("</td></tr>\n");
        }
        html.Append("</table>");
        var (places, rates) = Picked(steps.Places, steps.Rates, 120);
        html.Append("<div style=\"margin-top:18px\">").Append(new LineChart { XLabel = "epoch", Width = 520, Height = 230 }.Add("learning rate", places, rates).ToSvg()).Append("</div>");
    });

    // A bar from 0 to 100 %, as long as the number beside it says.
    private void Meter(double share) => html.Append(Percent(share)).Append("<span class=\"meter\"><i style=\"width:")
        .Append((double.IsFinite(share) ? share * 100 : 0).ToString("0.##", CultureInfo.InvariantCulture)).Append("%\"></i></span>");

    private void Pictures()
    {
        if (test.FeatureShape.Rank != 3 || test.FeatureShape[2] is not (1 or 3)) return;
        int mistakes = predictions.Count - predictions.Correct;
        string about = mistakes == 0 ? "No mistake was made; these were the closest calls." : "The examples whose right answer was held least probable: the mistakes made with most confidence come first.";
        Section("The hardest test examples", about, () =>
        {
            bool words = result.Recipe.Info.ClassNames.Any(name => name.Length > 2);
            html.Append(words ? "<ul class=\"pictures words\">\n" : "<ul class=\"pictures\">\n");
            foreach (int i in predictions.Worst(24)) Picture(i);
            html.Append("</ul>");
        }, wide: true);
    }

    private void Picture(int example)
    {
        using var scope = TensorScope.Begin();
        var image = test.Skip(example).Take(1).ToBatch().X.Reshape(test.FeatureShape);
        int truth = predictions.Truth[example], said = predictions.Predicted[example];
        string right = result.Recipe.Info.ClassNames[truth], answer = result.Recipe.Info.ClassNames[said];
        html.Append("<li><img alt=\"").Append(Text($"test example {example}: {right}")).Append("\" src=\"").Append(Png.DataUri(Png.Encode(image))).Append("\"><div>");
        Answer(truth == said ? "right" : "wrong", "said", answer, predictions.Probability(example, said));
        Answer("", "is", right, predictions.Probability(example, truth));
        html.Append("</div></li>\n");

        void Answer(string css, string what, string name, double probability) => html.Append("<span><i>").Append(what).Append("</i> <b class=\"").Append(css).Append("\">")
            .Append(Text(name)).Append("</b></span><span class=\"chance\">").Append(Chance(probability)).Append("</span>");
    }

    private void Settings() => Section("Run", "", () =>
    {
        html.Append("<table class=\"pairs\">\n");
        var info = result.Recipe.Info;
        Pair("data", $"{info.Name}: {Whole(trained)} to train on, {Whole(predictions.Count)} to test with; {info.Licence}");
        Pair("optimization", result.Recipe.Optimization);
        Pair("epochs, batch, seed", $"{result.Epochs}, {result.BatchSize}, {result.Seed}");
        Pair("test loss", predictions.Loss.ToString("G4", CultureInfo.InvariantCulture));
        Pair("processor", $"{Machine.Processor}; {Threads.Count} thread{(Threads.Count == 1 ? "" : "s")}, {Machine.Simd}");
        Pair("device", result.Model.Parameters[0].Value.Device.Name);
        Pair("products", Machine.Products);
        Pair("system", $"{Machine.OperatingSystem}, {Machine.Runtime}");
        html.Append("<tr><td>weights, SHA-256</td><td><code>").Append(result.WeightsSha256).Append("</code></td></tr>\n</table>");

        void Pair(string name, string value) => html.Append("<tr><td>").Append(Text(name)).Append("</td><td>").Append(Text(value)).Append("</td></tr>\n");
    });

    private void Section(string title, string about, Action body, bool wide = false)
    {
        html.Append("<section").Append(wide ? " class=\"wide\"" : "").Append("><h2>").Append(Text(title)).Append("</h2>\n");
        if (about.Length > 0) html.Append("<p>").Append(Text(about)).Append("</p>\n");
        body();
        html.Append("</section>\n");
    }

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

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => double.IsFinite(share) ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %") : "–";

    private static string Chance(double probability) => probability switch
    {
        >= 0.9995 => "99.9+ %",
        < 0.0005 => "0.0 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{probability * 100:0.0} %"),
    };

    private static string Duration(double seconds) => seconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0}:{Math.Floor(seconds % 60):00} min");
}
