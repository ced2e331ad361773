using System.Globalization;

namespace NativeDL.Tests;

/// <summary>Programs as somebody writes them who knows Keras and C#: they compile as they stand, and run on small data.</summary>
[Collection(nameof(Alone))]
public class TargetProgramTests
{
    private const string Usings = "using NativeDL;\nusing NativeDL.Layers;\n";

    // Small data in the place of what a user would have.
    private const string Given = """
        static Sequential Build()
        {
            var made = new Sequential { new Flatten(), new Dense(8, activation: "relu"), new Dense(10) };
            made.Compile("adam", Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
            return made;
        }
        var (train, test) = Datasets.Digits();
        train = train.Take(200);

        """;

    public static TheoryData<string, string> Programs => new()
    {
        {
            "two inputs", """
            Tensor xi = Tensor.RandomUniform([16, 28, 28, 1]), xm = Tensor.RandomUniform([16, 4]), target = xm.Sum(-1, keepDims: true);
            Tensor vi = xi[..4], vm = xm[..4], vt = target[..4];
            var image = Model.Input([28, 28, 1], name: "image");
            var meta = Model.Input([4], name: "meta");
            var h = new Flatten().Call(new Conv2D(16, (3, 3), strides: 2, activation: "relu").Call(image));
            var y = new Dense(1).Call(Tensor.Concat([h, meta], axis: -1));
            var model = new Model([image, meta], y);
            model.Compile(optimizer: "adam", loss: "mse", metrics: ["mae"]);
            model.Fit([xi, xm], target, epochs: 1, batchSize: 8, validation: ([vi, vm], vt));
            Console.WriteLine(model.Summary());
            """
        },
        {
            "own loop, clipped", """
            var model = Build();
            var loss = Loss.SparseCategoricalCrossentropy(fromLogits: true);
            var optimizer = new Adam(1e-3);
            foreach (var (x, t) in train.Shuffle().Batch(64))
            {
                using var tape = new GradientTape();
                var error = loss.Call(target: t, prediction: model.Call(x, training: true));
                var g = Gradients.ClipByGlobalNorm(tape.Gradient(error, model.TrainableParameters), 1.0);
                optimizer.Apply(model.TrainableParameters, g);
                if ((float)error < 0.01f) break;
                Console.WriteLine($"{error:F3}");
            }
            """
        },
        {
            "transfer", """
            var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".ndl");
            var first = Build();
            first.Fit(train, epochs: 1, batchSize: 32);
            first.Save(file);
            var trained = Model.Load<Sequential>(file);
            var body = trained[..^1];
            body.Trainable = false;
            var net = new Sequential { body, new Dense(5, "softmax", name: "head") };
            net.Compile("adam", "sparse_categorical_crossentropy", ["accuracy"]);
            var few = new Dataset(train.X[..50], Tensor.Arange(50) - Tensor.Arange(50) / 5 * 5);
            net.Fit(few, epochs: 1, batchSize: 16);
            net.Save(file);
            var features = new Model(trained.Input, trained.GetLayer("dense").Output);
            Console.WriteLine(features.Predict(test.X[..2]).Shape);
            File.Delete(file);
            """
        },
        {
            // A pair of spans makes no tuple (CS9244): two lines.
            "own operation, gradient and kernel", """
            Tensor x = Tensor.Linspace(-2, 2, 9), x64 = x.Cast(DType.Float64);
            static Tensor Swish(Tensor x) => Op.Custom([x], t => t[0] * t[0].Sigmoid(), (t, y, g) => [g * (y + t[0].Sigmoid() * (1 - y))]);
            Console.WriteLine(GradCheck.Run(Swish, x64));
            Tensor z = new Cube().Run(x);
            Console.WriteLine(GradCheck.Run(v => new Cube().Run(v), x64));
            sealed class Cube : Op
            {
                static readonly NativeDL.Cuda.CudaSource Kernel = new("cube", "extern \"C\" __global__ void cube(const float* x, float* y, long long n) { long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; if (i < n) y[i] = x[i] * x[i] * x[i]; }");
                protected override void Infer(Operands x, Results y) => y[0] = x[0];
                protected override void Compute<T>(Operands x, Results y)
                {
                    var a = x.Span<T>(0);
                    var b = y.Span<T>(0);
                    for (int i = 0; i < a.Length; i++) b[i] = a[i] * a[i] * a[i];
                }
                protected override void Launch(Operands x, Results y, NativeDL.Cuda.CudaStream stream) => Kernel.Launch(stream, x.Pointer(0), y.Pointer(0), x[0].ElementCount);
                protected override Tensors Backward(BackwardCall call) => 3 * call.Input(0).Square() * call.Gradient();
            }
            """
        },
        {
            // Images.Decode and Images.Resize come with the pictures: here the pixels are given.
            "one picture", """
            var model = new Sequential { new Conv2D(4, 3, strides: 2, activation: "relu"), new GlobalAvgPool2D(), new Dense(10, "softmax") };
            var picture = Tensor.FromArray(new byte[24 * 32 * 3]).Reshape(24, 32, 3);             // UInt8 [h, w, 3]
            var input = (picture.Cast(DType.Float32) / 255).ExpandDims(0);
            int label = (int)model.Predict(input)[0].ArgMax();
            Console.WriteLine(label);
            try { model.Predict(picture.Cast(DType.Float32) / 255); }
            catch (ShapeMismatchException error) when (error.Message.Contains("ExpandDims(0)")) { Console.WriteLine("refused"); }
            """
        },
        {
            "k-fold", """
            var scores = new List<double>();
            foreach (var (fit, held) in train.KFold(5, random: 1))
            {
                var m = Build();
                m.Fit(fit, epochs: 1, batchSize: 32);
                scores.Add(m.Evaluate(held)["accuracy"]);
            }
            Console.WriteLine(scores.Average());
            """
        },
        {
            "learning-rate finder", """
            var model = Build();
            var finder = new RateFinder(1e-4, 1, 5);
            model.Fit(train, epochs: 1, batchSize: 32, callbacks: [finder]);
            foreach (var (rate, loss) in finder.Curve) Console.WriteLine($"{rate:E1} {loss:F3}");
            sealed class RateFinder(double low, double high, int steps) : Callback
            {
                public List<(double Rate, double Loss)> Curve { get; } = [];
                public override void OnBatchBegin(TrainingState s) => s.Model.Optimizer!.LearningRate = low * Math.Pow(high / low, (double)s.GlobalStep / steps);
                public override void OnBatchEnd(TrainingState s) { Curve.Add((s.LearningRate, s.BatchLoss)); if (s.GlobalStep >= steps) s.Stop("done"); }
            }
            """
        },
        {
            "best model", """
            var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".ndl");
            var model = Build();
            Tensor x = train.X, y = train.Y, xv = test.X[..50], yv = test.Y[..50];
            var token = CancellationToken.None;
            var history = await model.FitAsync(x, y, epochs: 2, batchSize: 64, validation: (xv, yv), cancellationToken: token,
                callbacks: [new ModelCheckpoint(file, monitor: "val_loss"), new EarlyStopping(patience: 5, restoreBestWeights: true)]);
            var best = Model.Load<Sequential>(file);
            best.Compile("adam", Loss.SparseCategoricalCrossentropy(fromLogits: true));
            Console.WriteLine($"{best.Evaluate(test).Loss:F4} after {history.Columns.Count}");
            File.Delete(file);
            """
        },
    };

    // A project of two languages: the layer in F#, the training in C#.
    private const string Scale = """
        namespace Mixed
        open NativeDL
        type Scale() =
            inherit Layer()
            let mutable factor: Parameter = null
            override this.CreateWeights input = factor <- this.AddWeight("factor", Shape.Of input[-1], "ones")
            override _.Forward(x: Tensor, call: CallContext) = x * factor
        """;

    [Fact]
    [Trait("needs", "repository")] // and the F# compiler, which is only there
    public void A_layer_in_F_sharp_trains_in_C_sharp()
    {
        string program = Usings + """
            var model = new Sequential { new Mixed.Scale(), new Dense(1) };
            model.Compile("adam", "mse");
            Tensor x = Tensor.RandomUniform([16, 3]), y = x.Sum(-1, keepDims: true);
            Console.WriteLine(model.Fit(x, y, epochs: 2, batchSize: 8)["loss"].Count);
            """;
        Assert.Equal("2", CSharpPrograms.Run(CSharpPrograms.Compile(program, FSharpPrograms.Library(Scale))).Trim());
    }

    [Fact]
    [Trait("needs", "repository")]
    public void The_pipeline_in_F_sharp()
    {
        string program = """
            open NativeDL
            open NativeDL.Layers
            open NativeDL.FSharp
            let train, test = Datasets.digits ()
            let model, history =
                Model.sequential [ Conv2D(16, (3, 3), activation = "relu"); MaxPool2D 2; Flatten(); Dropout 0.2; Dense 10 ]
                |> Model.compile (Adam 0.002, Loss.SparseCategoricalCrossentropy(fromLogits = true), "accuracy")
                |> Model.fit (train |> Dataset.take 200, epochs = 5, batchSize = 64, validation = test, callbacks = [ EarlyStopping() ])
            let logits = test.X --> model
            let entropy = logits |> Tensor.softmax -1 |> fun p -> -(p * log p) |> Tensor.sum [ -1 ] |> Tensor.mean [] |> float
            printfn $"{entropy}"
            """;
        double entropy = double.Parse(CSharpPrograms.Run(CSharpPrograms.Load(FSharpPrograms.Program(program))), CultureInfo.InvariantCulture);
        Assert.InRange(entropy, 0, Math.Log(10) + 1e-6);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_program_typed_from_memory_works(string name, string code)
    {
        bool givesData = code.Contains("train", StringComparison.Ordinal) || code.Contains("Build()", StringComparison.Ordinal);
        Assert.NotEmpty(name + CSharpPrograms.Run(CSharpPrograms.Compile(Usings + (givesData ? Given : "") + code)));
    }
}
