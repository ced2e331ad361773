using NativeDL.Recipes.Reports;
using static System.FormattableString;

namespace NativeDL.Recipes;

/// <summary>What a classifier said of every example of a data set, in the data set's order.</summary>
public sealed class Predictions : Findings
{
    private readonly float[] probabilities;

    private Predictions(int[] truth, int[] predicted, float[] probabilities, int classes, double loss, int correct)
        : base(new Logs([KeyValuePair.Create("loss", loss), KeyValuePair.Create("accuracy", (double)correct / truth.Length)])) =>
        (Truth, Predicted, this.probabilities, Classes, Correct) = (truth, predicted, probabilities, classes, correct);

    /// <summary>Number of examples.</summary>
    public int Count => Truth.Count;

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>The right class of each example.</summary>
    public IReadOnlyList<int> Truth { get; }

    /// <summary>The most probable class of each example.</summary>
    public IReadOnlyList<int> Predicted { get; }

    /// <summary>How many were recognized.</summary>
    public int Correct { get; }

    /// <summary>The share that was recognized.</summary>
    public double Accuracy => Measured["accuracy"];

    /// <summary>The mean crossentropy.</summary>
    public double Loss => Measured.Loss;

    /// <inheritdoc/>
    public override IReadOnlyList<ReportFact> Facts =>
        [new(Html.Percent(Accuracy), "test accuracy"), new(Html.Whole(Count - Correct), $"mistakes in {Html.Whole(Count)}")];

    /// <inheritdoc/>
    public override IEnumerable<ReportSection> Sections(Recipe recipe, Dataset test)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(test);
        return new ClassifierSections(this, recipe.Data.ClassNames, test).All();
    }

    /// <summary>Accuracy and counts in one line.</summary>
    public override string ToString() => Invariant($"test accuracy {Accuracy:0.0000}: {Correct:N0} of {Count:N0} right");

    /// <summary>How probable the model held a class for an example.</summary>
    public float Probability(int example, int ofClass) => probabilities[example * Classes + ofClass];

    /// <summary>Of the examples predicted as this class, the share that is; NaN when there were none.</summary>
    public double Precision(int ofClass) => Share(ofClass, Predicted);

    /// <summary>Of the examples of this class, the share that was recognized; NaN when there are none.</summary>
    public double Recall(int ofClass) => Share(ofClass, Truth);

    /// <summary>Examples by their right class's probability, the least probable first: the mistakes the model was surest of, then the closest calls.</summary>
    public IEnumerable<int> Worst(int count) =>
        Enumerable.Range(0, Count).OrderBy(i => Truth[i] == Predicted[i]).ThenBy(i => Probability(i, Truth[i])).ThenBy(i => i).Take(count);

    /// <summary>Runs a model whose predictions are logits over a data set with class labels.</summary>
    /// <exception cref="ShapeMismatchException">The model gives no row of logits for each example.</exception>
    public static Predictions Of(Model model, Dataset data, int batchSize = 256, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        var truth = new List<int>(data.Count);
        var predicted = new List<int>(data.Count);
        float[] probabilities = [];
        int classes = 0;
        double loss = 0;
        using var batches = data.Batch(batchSize).GetEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var step = TensorScope.Begin();
            if (!batches.MoveNext()) break;
            var logits = model.Call(batches.Current.X.To(model.Device));
            if (logits.Rank != 2) throw Error.Shape("Predictions", "a classifier gives one row of logits for each example", $"{logits.Shape}", "[N, classes]");
            if (classes == 0) probabilities = new float[data.Count * (classes = logits.Shape[1])];
            var labels = batches.Current.Y.To(Device.Cpu);
            if (labels.DType is not (DType.Int32 or DType.Int64))
                throw Error.DType("Predictions", "targets are no class numbers", $"{labels.DType} {labels.Shape}", "Int32 [N]");
            Take(logits.To(Device.Cpu).Cast(DType.Float32).ToArray<float>(), labels.Cast(DType.Int32).ToArray<int>());
        }
        return new Predictions([.. truth], [.. predicted], probabilities, classes, loss / data.Count, truth.Zip(predicted).Count(p => p.First == p.Second));

        void Take(float[] logits, int[] labels)
        {
            for (int i = 0; i < labels.Length; i++)
            {
                if ((uint)labels[i] >= (uint)classes)
                    throw Error.Input("Predictions", "a label is no class of the model", $"{labels[i]}", $"0 to {classes - 1}");
                var row = logits.AsSpan(i * classes, classes);
                int best = 0;
                for (int c = 1; c < classes; c++) if (row[c] > row[best]) best = c; // a tie goes to the first, as everywhere
                double sum = 0;
                foreach (float v in row) sum += Math.Exp(v - row[best]);
                int at = truth.Count * classes;
                for (int c = 0; c < classes; c++) probabilities[at + c] = (float)(Math.Exp(row[c] - row[best]) / sum);
                loss += Math.Log(sum) + row[best] - row[labels[i]];
                truth.Add(labels[i]);
                predicted.Add(best);
            }
        }
    }

    private double Share(int ofClass, IReadOnlyList<int> among)
    {
        int right = 0, all = 0;
        for (int i = 0; i < Count; i++)
        {
            if (among[i] != ofClass) continue;
            all++;
            if (Truth[i] == Predicted[i]) right++;
        }
        return (double)right / all;
    }
}
