using System.Text.Json.Nodes;
using NativeDL.Layers;
using NativeDL.Tests.Additions;
using NativeDL.Tests.Cuda;

namespace NativeDL.Tests;

/// <summary>What stands in the folder <c>Additions</c> is added to the library by being there: no existing file names it.</summary>
public sealed class AdditionsTests
{
    [Fact]
    public void An_elementwise_operation_is_a_struct_and_the_activation_of_it_is_fused()
    {
        var x = Tensor.FromArray([-3.0, -0.5, 0, 1, 7]);
        Assert.Equal([-0.75, -1.0 / 3, 0, 0.5, 0.875], UnaryOp<OwnSoftsignOp>.Instance.Run(x).ToDoubles());
        Assert.True(GradCheck.Run(v => UnaryOp<OwnSoftsignOp>.Instance.Run(v), Tensor.FromArray([-3.0, -0.5, 0.25, 7])).Passed);

        var dense = new Dense(3, "test.own_softsign");
        var image = Tensor.RandomNormal([5, 4], random: new RandomState(1));
        var fused = dense.Call(image);
        Assert.Equal(new OwnSoftsign().Call(image.Linear(dense.Kernel!, dense.Bias!)).ToDoubles(), fused.ToDoubles());
    }

    [Fact]
    public void A_reduction_is_a_class_that_says_how_two_are_joined()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([6, 120], new OwnProductOp([1]).Run(x).ToDoubles());
        Assert.Equal([4, 10, 18], new OwnProductOp([0]).Run(x).ToDoubles());
        Assert.Equal("own_product", new OwnProductOp([0]).Name);
        Assert.True(GradCheck.Run(v => new OwnProductOp([0, 1]).Run(v), x).Passed);
    }

    [Fact]
    [Trait("needs", "simulator")]
    public void Both_run_on_the_card_by_a_kernel_file_of_their_own()
    {
        var x = Tensor.RandomUniform([37, 501], 0.9, 1.1, DType.Float64, new RandomState(2));
        var there = x.To(CudaTest.Device);
        Assert.True(UnaryOp<OwnSoftsignOp>.Instance.Run(there).To(Device.Cpu).AllClose(UnaryOp<OwnSoftsignOp>.Instance.Run(x), 1e-15, 0));
        Assert.True(UnaryOp<OwnSoftsignOp>.Instance.Run(there.Cast(DType.BFloat16)).To(Device.Cpu).Cast(DType.Float64)
            .AllClose(UnaryOp<OwnSoftsignOp>.Instance.Run(x), 1e-2, 0));
        foreach (int[] axes in (int[][])[[0], [1], [0, 1]])
            Assert.True(new OwnProductOp(axes).Run(there).To(Device.Cpu).AllClose(new OwnProductOp(axes).Run(x), 1e-12, 0));
    }

    [Fact]
    public void A_data_set_and_a_format_are_classes()
    {
        Assert.Equal("test.own_sine", Datasets.Find("test.own_sine").Name);
        Assert.Contains(Datasets.All, data => data is OwnSine && data.IsLocal && data.ClassNames.Count == 0);
        var (train, test) = Datasets.Find("test.own_sine").Load(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((200, 50), (train.Count, test.Count));

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.OWN"), "x 1 2 3\ny 0 1 0");
        var read = Datasets.FromFile(folder.File("a.OWN"));
        Assert.Equal([1, 2, 3], read.X.ToDoubles());
        Assert.Contains(".csv, .own", Assert.Throws<InvalidInputException>(() => Datasets.FromFile(folder.File("a.table"))).Message);

        Sequential model = [new Dense(2), new Dense(1)], same = [new Dense(2), new Dense(1)];
        model.Build([1, 3]);
        same.Build([1, 3]);
        foreach (string ending in (string[])[".own", ".npz", ".safetensors"])
        {
            model.Parameters[0].Assign(Tensor.RandomNormal([3, 2]));
            model.SaveWeights(folder.File("weights" + ending));
            same.LoadWeights(folder.File("weights" + ending));
            Assert.Equal(model.Parameters.SelectMany(p => p.Value.ToDoubles()), same.Parameters.SelectMany(p => p.Value.ToDoubles()));
        }
        Assert.Contains(".npz, .own, .safetensors", Assert.Throws<InvalidInputException>(() => model.SaveWeights(folder.File("weights.bin"))).Message);
    }
}

/// <summary>Whole runs seed the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed class AddedRecipeTests
{
    [Fact]
    public void A_recipe_that_is_no_classifier_is_a_class_and_the_program_trains_and_evaluates_it()
    {
        using var folder = new TemporaryFolder();
        using StringWriter output = new(), error = new();
        Assert.Equal(0, NativeDL.Cli.Ndl.Run(["train", "test.own_fit", "--out", folder.Path], new NativeDL.Cli.Terminal(output, error),
            TestContext.Current.CancellationToken));
        Assert.Contains("val_mean_absolute_error", error.ToString());
        var line = JsonNode.Parse(output.ToString().TrimEnd().Split('\n')[^1])!;
        Assert.Null(line["testAccuracy"]);
        Assert.InRange((double)line["test"]!["mean_absolute_error"]!, 0, 0.2);
        string page = File.ReadAllText(folder.File(NativeDL.Recipes.Trainer.ReportFile));
        foreach (string part in (string[])["test mean absolute error", "Mean absolute error", "Learning rate", "Sine", "the curve itself"])
            Assert.Contains(part, page);
        Assert.DoesNotContain("ccuracy", page);

        using StringWriter evaluated = new(), told = new();
        Assert.Equal(0, NativeDL.Cli.Ndl.Run(["evaluate", folder.Path], new NativeDL.Cli.Terminal(evaluated, told), TestContext.Current.CancellationToken));
        Assert.Equal((double)line["test"]!["loss"]!, (double)JsonNode.Parse(evaluated.ToString())!["loss"]!);
    }
}
