using System.Globalization;
using System.Text;
using NativeDL.Plotting;
using static NativeDL.Recipes.Reports.Html;

namespace NativeDL.Recipes.Reports;

/// <summary>What a report tells of a classifier: which classes are taken for which, and the examples it found hardest.</summary>
/// <param name="predictions">What it said.</param>
/// <param name="classNames">What the classes are called.</param>
/// <param name="test">The test data, for pictures.</param>
internal sealed class ClassifierSections(Predictions predictions, IReadOnlyList<string> classNames, Dataset test)
{
    private readonly StringBuilder html = new(1 << 14);

    /// <summary>The sections in their order.</summary>
    public IEnumerable<ReportSection> All()
    {
        yield return new("Confusion", "Which class is taken for which. Colours are by row and favour the rare.",
            $"<div class=\"cells\">{HeatMap.Confusion(predictions.Truth, predictions.Predicted, classNames, "").ToSvg()}</div>");
        yield return new("Classes", "Precision: how often the answer is right. Recall: how many are found.", Classes());
        if (test.FeatureShape.Rank != 3 || test.FeatureShape[2] is not (1 or 3)) yield break;
        yield return new("The hardest test examples", predictions.Correct == predictions.Count ? "No mistake was made; these were the closest calls."
            : "The examples whose right answer was held least probable: the mistakes made with most confidence come first.", Pictures(), IsWide: true);
    }

    private string Classes()
    {
        html.Clear().Append("<table><tr><th>class</th><th>examples</th><th>precision</th><th>recall</th></tr>\n");
        for (int c = 0; c < predictions.Classes; c++)
        {
            int of = c;
            html.Append("<tr><td>").Append(Text(classNames[c])).Append("</td><td>").Append(Whole(predictions.Truth.Count(t => t == of))).Append("</td><td>");
            Meter(predictions.Precision(c));
            html.Append("</td><td>");
            Meter(predictions.Recall(c));
            html.Append("</td></tr>\n");
        }
        return html.Append("</table>").ToString();
    }

    // A bar from 0 to 100 %, as long as the number beside it says.
    private void Meter(double share) => html.Append(Percent(share)).Append("<span class=\"meter\"><i style=\"width:")
        .Append((double.IsFinite(share) ? share * 100 : 0).ToString("0.##", CultureInfo.InvariantCulture)).Append("%\"></i></span>");

    private string Pictures()
    {
        html.Clear().Append(classNames.Any(name => name.Length > 2) ? "<ul class=\"pictures words\">\n" : "<ul class=\"pictures\">\n");
        foreach (int i in predictions.Worst(24)) Picture(i);
        return html.Append("</ul>").ToString();
    }

    private void Picture(int example)
    {
        using var scope = TensorScope.Begin();
        var image = test.Skip(example).Take(1).ToBatch().X.Reshape(test.FeatureShape);
        int truth = predictions.Truth[example], said = predictions.Predicted[example];
        html.Append("<li><img alt=\"").Append(Text($"test example {example}: {classNames[truth]}")).Append("\" src=\"")
            .Append(Png.DataUri(Png.Encode(image))).Append("\"><div>");
        Answer(truth == said ? "right" : "wrong", "said", said);
        Answer("", "is", truth);
        html.Append("</div></li>\n");

        void Answer(string css, string what, int answer) => html.Append("<span><i>").Append(what).Append("</i> <b class=\"").Append(css).Append("\">")
            .Append(Text(classNames[answer])).Append("</b></span><span class=\"chance\">").Append(Chance(predictions.Probability(example, answer)))
                .Append("</span>");
    }
}
