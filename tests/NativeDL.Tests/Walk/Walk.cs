using System.Linq.Expressions;
using System.Reflection;
using NativeDL.Formats;
using NativeDL.Layers;

namespace NativeDL.Tests.Walk;

/// <summary>Every public member, and what it may be given: good arguments, and nulls, empties, extremes, undefined numbers of enumerations.</summary>
internal static class Walk
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What is not called, by the start of its name, with the reason.</summary>
    private static readonly Dictionary<string, string> Left = new()
    {
        ["NativeDL.Cuda."] = "ManagedCuda's names for the driver: handles and addresses are taken as they are, as there",
        ["NativeDL.BackwardCall."] = "made by a tape alone",
        ["NativeDL.Datasets.Mnist"] = "fetches",
        ["NativeDL.Datasets.FashionMnist"] = "fetches",
        ["NativeDL.Datasets.set_"] = "the process's",
        ["NativeDL.NamedDataset.Load"] = "fetches",
        ["NativeDL.Threads.set_"] = "the process's",
        ["NativeDL.Device.set_"] = "the process's",
        ["NativeDL.RandomState.set_Default"] = "the process's",
        ["NativeDL.OpenBlas.Choose"] = "the process's",
    };

    // Whatever has no default value and is asked for most.
    private static readonly Dictionary<Type, Func<object>> Goods = new()
    {
        [typeof(Tensor)] = () => Tensor.FromArray([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f]).Reshape(2, 3),
        [typeof(Tensors)] = () => (Tensors)Tensor.FromArray([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f]).Reshape(2, 3),
        [typeof(Shape)] = () => Shape.Of(2, 3),
        [typeof(Dataset)] = () => new Dataset(Tensor.Ones([4, 3]), Tensor.Ones([4, 1])),
        [typeof(Batches)] = () => new Dataset(Tensor.Ones([4, 3]), Tensor.Ones([4, 1])).Batch(2),
        [typeof(Batch)] = () => new Batch(Tensor.Ones([4, 3]), Tensor.Ones([4, 1])),
        [typeof(Layer)] = () => new Dense(2),
        [typeof(Model)] = () => Trained(),
        [typeof(Sequential)] = () => Trained(),
        [typeof(Parameter)] = () => new Parameter("p", Tensor.Ones([2, 3])),
        [typeof(GradientTape)] = () => new GradientTape(),
        [typeof(TensorScope)] = () => TensorScope.Begin(),
        [typeof(Loss)] = () => (Loss)"mse",
        [typeof(Metric)] = () => (Metric)"mae",
        [typeof(Optimizer)] = () => new SGD(0.1),
        [typeof(Schedule)] = () => (Schedule)0.1,
        [typeof(Initializer)] = () => (Initializer)"zeros",
        [typeof(Activation)] = () => (Activation)"relu",
        [typeof(Regularizer)] = () => (Regularizer)"l2",
        [typeof(Constraint)] = () => (Constraint)"non_neg",
        [typeof(RandomState)] = () => new RandomState(1),
        [typeof(Device)] = () => Device.Cpu,
        [typeof(CallContext)] = () => new CallContext(),
        [typeof(Callback)] = () => new EarlyStopping("loss"),
        [typeof(EarlyStopping)] = () => new EarlyStopping("loss"),
        [typeof(TrainingState)] = () => State(),
        [typeof(NamedDataset)] = () => Datasets.Find("digits"),
        [typeof(GraphCall)] = () => Trained().Graph[1],
        [typeof(GraphValue)] = () => Trained().Graph.Outputs[0].Value,
        [typeof(SavedState)] = () => new SavedState("x"),
        [typeof(Configuration)] = () => new Configuration([], new ConfigurationGraph("x")),
        [typeof(RunningSum)] = () => new RunningSum("x", []),
        [typeof(PiecewiseConstantDecay)] = () => new PiecewiseConstantDecay([1], [0.1, 0.2]),
        [typeof(Op)] = () => Recorded(),
        [typeof(OpAttributes)] = () => Recorded().Attributes,
        [typeof(SafetensorsFile)] = () => Opened(),
        [typeof(History)] = () => Fitted(),
        [typeof(Logs)] = () => Trained().Evaluate(Tensor.Ones([4, 3]), Tensor.Ones([4, 1])),
        [typeof(Graph)] = () => Trained().Graph,
        [typeof(Stream)] = () => new MemoryStream(),
        [typeof(CancellationToken)] = () => CancellationToken.None,
        [typeof(Index)] = () => (Index)1,
        [typeof(Range)] = () => 0..1,
    };

    /// <summary>Numbers that nobody counts to: where they are a count of repetitions, trying would only take long.</summary>
    private static readonly string[] Repetitions = ["epochs", "steps", "totalSteps"];

    public static string Folder { get; set; } = Path.GetTempPath();

    public static IEnumerable<MethodBase> Members => new[] { typeof(Tensor), typeof(Model) }.SelectMany(t => t.Assembly.GetExportedTypes())
        .Where(t => !typeof(Delegate).IsAssignableFrom(t) && !typeof(Exception).IsAssignableFrom(t) && !t.IsInterface)
        .SelectMany(t => t.GetMembers(Own)).OfType<MethodBase>()
        .Where(m => m.Name is not ("Equals" or "GetHashCode" or "Finalize" or "<Clone>$" or "PrintMembers"))
        .Where(m => !Left.Keys.Any(start => NameOf(m).StartsWith(start, StringComparison.Ordinal)))
        .Where(m => !m.DeclaringType!.FullName!.Contains('<', StringComparison.Ordinal) && m is not MethodInfo { ReturnType.IsByRefLike: true })
        .Where(m => !(m.IsConstructor && m.DeclaringType!.IsAbstract) && m.GetParameters().All(p => !p.ParameterType.IsPointer));

    public static string NameOf(MethodBase member) => $"{member.DeclaringType!.FullName}.{(member.IsConstructor ? "new" : member.Name)}";

    /// <summary>The member with types in place of its own type parameters; null where they are not found.</summary>
    public static MethodBase? Closed(MethodBase member)
    {
        if (member.DeclaringType!.ContainsGenericParameters)
        {
            var type = Close(member.DeclaringType, member.DeclaringType.GetGenericArguments());
            return type?.GetMembers(Own).OfType<MethodBase>().FirstOrDefault(m => m.MetadataToken == member.MetadataToken) is { } own ? Closed(own) : null;
        }
        if (member is not MethodInfo { ContainsGenericParameters: true } method) return member;
        foreach (var types in (Type[][])[[typeof(float)], [typeof(Dense)], [typeof(Sequential)], [typeof(Layer)]])
            try { return method.MakeGenericMethod([.. method.GetGenericArguments().Select((_, i) => types[i % types.Length])]); }
            catch (ArgumentException) { }
        return null;
    }

    private static Type? Close(Type type, Type[] parameters)
    {
        foreach (var argument in (Type[])[typeof(Loss), typeof(float), typeof(Tensor)])
            try { return type.GetGenericTypeDefinition().MakeGenericType([.. parameters.Select(_ => argument)]); }
            catch (ArgumentException) { }
        return null;
    }

    public static bool TryGood(ParameterInfo parameter, out object? value, int depth = 0)
    {
        if (parameter.HasDefaultValue && parameter.ParameterType != typeof(CancellationToken))
        {
            value = parameter.DefaultValue;
            if (value is null && parameter.ParameterType.IsValueType) value = Activator.CreateInstance(parameter.ParameterType);
            if (value is not null && Nullable.GetUnderlyingType(parameter.ParameterType) is { IsEnum: true } e) value = Enum.ToObject(e, value);
            return true;
        }
        if (parameter.ParameterType == typeof(string))
        {
            value = parameter.Name is "path" or "folder" or "file" or "backupDir" or "directory" ? Path.Combine(Folder, "walk.ndl") : "x";
            return true;
        }
        return TryGood(parameter.ParameterType, out value, depth);
    }

    public static bool TryGood(Type type, out object? value, int depth)
    {
        value = null;
        if (type.IsByRef) type = type.GetElementType()!;
        if (type.IsByRefLike || depth > 3) return false;
        if (Goods.TryGetValue(type, out var make)) value = make();
        else if (Nullable.GetUnderlyingType(type) is { } inner) return TryGood(inner, out value, depth);
        else if (type == typeof(string)) value = "x";
        else if (type == typeof(bool)) value = false;
        else if (type == typeof(object)) value = 1.0;
        else if (type.IsPrimitive) value = Convert.ChangeType(1, type);
        else if (type.IsEnum) value = Enum.GetValues(type).GetValue(0);
        else if (typeof(Delegate).IsAssignableFrom(type)) value = Function(type);
        else if (ElementOf(type) is { } element)
        {
            if (!TryGood(element, out object? one, depth + 1)) return false;
            var array = Array.CreateInstance(element, 1);
            array.SetValue(one, 0);
            value = type.IsAssignableFrom(array.GetType()) ? array : Activator.CreateInstance(type, array);
        }
        else value = Constructed(type, depth);
        return value is not null;
    }

    /// <summary>What a parameter of a type must not be undone by.</summary>
    public static IEnumerable<object?> Bad(ParameterInfo parameter, int depth = 0)
    {
        var type = parameter.ParameterType;
        return Bad(type, depth).Where(v => !(Repetitions.Contains(parameter.Name) && v is int.MaxValue or long.MaxValue));
    }

    private static IEnumerable<object?> Bad(Type type, int depth)
    {
        if (type.IsByRef) type = type.GetElementType()!;
        if (Nullable.GetUnderlyingType(type) is { } inner) return [null, .. Bad(inner, depth)];
        if (type == typeof(int)) return [int.MinValue, -1, 0, 7, int.MaxValue];
        if (type == typeof(long)) return [long.MinValue, -1L, 0L, long.MaxValue];
        if (type == typeof(ulong)) return [0ul, ulong.MaxValue];
        if (type == typeof(double)) return [double.NaN, double.NegativeInfinity, -1.0, 0.0, double.MaxValue, double.PositiveInfinity];
        if (type == typeof(float)) return [float.NaN, -1f, 0f, float.PositiveInfinity];
        if (type == typeof(bool)) return [true, false];
        if (type == typeof(string)) return [null, "", "\0", "\ud800", new string('x', 70_000)];
        if (type.IsEnum) return [Enum.ToObject(type, 99), Enum.ToObject(type, 255)];
        if (type == typeof(Shape)) return [null, Shape.Of(), Shape.Of(0), Shape.Of(0, int.MaxValue), Shape.Of(1 << 22, 1 << 22), Shape.Of(Shape.None, 3)];
        if (type == typeof(Tensor))
            return [null, Tensor.Ones([]), Tensor.Zeros([0]), Tensor.Zeros([0, 3]), Tensor.Zeros([0, int.MaxValue]), Tensor.Ones([1, 2, 3, 4, 5]),
                .. Enum.GetValues<DType>().Select(t => Tensor.Ones([2, 3], t)), Tensor.Full([2, 3], double.NaN), Model.Input(3)];
        if (type == typeof(Tensors))
            return [default(Tensors), (Tensors)Tensor.Zeros([0, 3]), Tensors.Of([null!]), Tensors.Of([Tensor.Ones([2, 3]), null!]), (Tensors)Model.Input(3)];
        if (type == typeof(Index)) return [new Index(0, true), new Index(int.MaxValue), new Index(int.MaxValue, true)];
        if (type == typeof(Range)) return [new Range(5, 2), new Range(int.MaxValue, int.MaxValue), new Range(new Index(9, true), 1)];
        if (type == typeof(CancellationToken)) return [new CancellationToken(true)];
        if (typeof(Delegate).IsAssignableFrom(type)) return [null, Function(type, givesNull: true)];
        if (ElementOf(type) is { } element && depth < 2)
        {
            object? List(params object?[] items)
            {
                var array = Array.CreateInstance(element, items.Length);
                for (int i = 0; i < items.Length; i++) array.SetValue(items[i], i);
                return type.IsAssignableFrom(array.GetType()) ? array : Try(() => Activator.CreateInstance(type, array));
            }
            return [null, List(), .. Bad(element, depth + 1).Select(b => List(b)), .. Bad(element, depth + 1).Take(2).Select(b => List(b, b, b))];
        }
        if (type.IsValueType) return [Activator.CreateInstance(type), .. Structures(type, depth)];
        return [null];
    }

    private static object? Try(Func<object?> make)
    {
        try { return make(); }
        catch (Exception e) when (e is NativeDLException or ArgumentException or TargetInvocationException or MissingMethodException) { return null; }
    }

    // A structure of our own with each of its numbers extreme.
    private static IEnumerable<object?> Structures(Type type, int depth)
    {
        if (depth > 1 || type.Namespace?.StartsWith("NativeDL", StringComparison.Ordinal) != true) yield break;
        foreach (var constructor in type.GetConstructors().Where(c => c.GetParameters().All(p => p.ParameterType == typeof(int))))
            foreach (int number in (int[])[int.MinValue, -1, 0, int.MaxValue])
                if (Try(() => constructor.Invoke([.. constructor.GetParameters().Select(_ => (object)number)])) is { } made) yield return made;
    }

    private static object? Constructed(Type type, int depth)
    {
        if (type.IsAbstract || type.ContainsGenericParameters)
            return type.Assembly.GetExportedTypes().Where(t => !t.IsAbstract && !t.ContainsGenericParameters && type.IsAssignableFrom(t))
                .Select(t => Constructed(t, depth)).FirstOrDefault(v => v is not null);
        foreach (var constructor in type.GetConstructors().OrderBy(c => c.GetParameters().Length))
        {
            var arguments = new List<object?>();
            foreach (var parameter in constructor.GetParameters())
                if (depth < 3 && TryGood(parameter, out object? value, depth + 1)) arguments.Add(value);
                else break;
            if (arguments.Count == constructor.GetParameters().Length && Try(() => constructor.Invoke([.. arguments])) is { } made) return made;
        }
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray) return type.GetArrayRank() == 1 ? type.GetElementType() : null;
        if (type == typeof(string)) return null;
        var listed = type.IsGenericType && type.IsInterface ? type : null;
        return listed?.GetGenericTypeDefinition() is { } d && (d == typeof(IEnumerable<>) || d == typeof(IReadOnlyList<>) || d == typeof(IReadOnlyCollection<>)
            || d == typeof(IList<>) || d == typeof(ICollection<>)) ? type.GetGenericArguments()[0]
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>) ? type.GetGenericArguments()[0] : null;
    }

    // Gives back an argument of the type that is asked for, or else a good one.
    private static Delegate? Function(Type type, bool givesNull = false)
    {
        var invoke = type.GetMethod("Invoke")!;
        if (invoke.GetParameters().Any(p => p.ParameterType.IsByRefLike || p.ParameterType.IsByRef)) return null;
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType)).ToList();
        Expression body = invoke.ReturnType == typeof(void) ? Expression.Empty()
            : givesNull ? Expression.Default(invoke.ReturnType)
            : parameters.FirstOrDefault(p => invoke.ReturnType.IsAssignableFrom(p.Type)) is { } same ? Expression.Convert(same, invoke.ReturnType)
            : TryGood(invoke.ReturnType, out object? value, 1) ? Expression.Constant(value, invoke.ReturnType) : Expression.Default(invoke.ReturnType);
        return Expression.Lambda(type, body, parameters).Compile();
    }

    private static Sequential Trained()
    {
        var model = new Sequential { new Dense(2, "tanh"), new Dropout(0.1), new Dense(1) };
        model.Compile("sgd", "mse", ["mae"]);
        model.Build(1, 3);
        return model;
    }

    private static TrainingState State()
    {
        TrainingState? state = null;
        Trained().Fit(Tensor.Ones([4, 3]), Tensor.Ones([4, 1]), callbacks: [new Seen(s => state = s)]);
        return state!;
    }

    private static Op Recorded() => ((OpNode)Model.Input(3).LeakyRelu(0.1).Symbol!.From!).Op;

    private static SafetensorsFile Opened()
    {
        string path = Path.Combine(Folder, $"{Guid.NewGuid()}.safetensors");
        Safetensors.Save(path, [KeyValuePair.Create("x", Tensor.Ones([2]))]);
        return SafetensorsFile.Open(path);
    }

    private sealed class Seen(Action<TrainingState> see) : Callback
    {
        public override void OnBatchEnd(TrainingState state) => see(state);
    }

    private static History Fitted() => Trained().Fit(Tensor.Ones([4, 3]), Tensor.Ones([4, 1]));
}
