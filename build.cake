// What can be built and run here: ./build.sh lists the targets, ./build.sh <target> [arguments] runs one.

//////////////////////////////////////////////////////////////////////
// ARGUMENTS
//////////////////////////////////////////////////////////////////////

var target = Argument("target", "Default");

// Everything after the target belongs to the program that the target runs.
var passed = (EnvironmentVariable("NATIVEDL_BUILD_ARGUMENTS") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

//////////////////////////////////////////////////////////////////////
// PREPARATION
//////////////////////////////////////////////////////////////////////

const string Configuration = "Release";
const string Solution = "NativeDL.sln";
const string Cli = "src/NativeDL.Cli/NativeDL.Cli.csproj";
const string Bench = "bench/NativeDL.Bench/NativeDL.Bench.csproj";
const string KernelCompiler = "native/compile/NativeDL.KernelCompiler/NativeDL.KernelCompiler.csproj";

var testProjects = new[] { "NativeDL.Tests", "NativeDL.Properties" };
var executable = IsRunningOnWindows() ? ".exe" : "";
var exitStatus = 0;

// Runs a program on this terminal; anything but exit status 0 fails the target with that status.
void Run(string program, params string[] arguments)
{
    int status = StartProcess(program, new ProcessSettings { Arguments = Quoted(arguments) });
    if (status != 0)
    {
        exitStatus = status;
        throw new CakeException($"{program} {string.Join(' ', arguments.Take(2))} ended with exit status {status}.");
    }
}

ProcessArgumentBuilder Quoted(IEnumerable<string> arguments)
{
    var builder = new ProcessArgumentBuilder();
    foreach (string argument in arguments)
    {
        builder.AppendQuoted(argument);
    }

    return builder;
}

void BuildProject(string project) => Run("dotnet", "build", project, "-c", Configuration, "--nologo", "-v", "minimal");

// Runs the built test programs, adds up their totals and closes with the one line that says it all.
// The suites run side by side: each has stretches that leave a core idle.
void RunTests(string device = "", params string[] filter)
{
    var results = testProjects.AsParallel().WithDegreeOfParallelism(testProjects.Length)
        .Select(project => RunSuite(project, device, [.. filter, .. passed])).ToList();
    int passedTests = results.Sum(r => r.Passed), failedTests = results.Sum(r => r.Failed);
    exitStatus = failedTests > 0 || passedTests == 0 ? 1 : 0;
    Console.WriteLine($"{passedTests} passed, {failedTests} failed");
}

(int Passed, int Failed) RunSuite(string project, string device, string[] arguments)
{
    var settings = new ProcessSettings
    {
        Arguments = Quoted(["--no-progress", .. arguments]),
        EnvironmentVariables = new Dictionary<string, string> { ["DOTNET_CLI_UI_LANGUAGE"] = "en" },
        RedirectStandardOutput = true,
    };
    if (device != "")
    {
        settings.EnvironmentVariables["NATIVEDL_TEST_DEVICE"] = device;
    }

    int succeeded = 0, failed = 0;
    settings.RedirectedStandardOutputHandler = line =>
    {
        if (line is null)
        {
            return null; // the end of the output
        }

        Console.WriteLine(line);
        var total = System.Text.RegularExpressions.Regex.Match(line, @"^  (succeeded|failed): (\d+)$");
        if (total.Success)
        {
            _ = total.Groups[1].Value == "failed" ? failed = int.Parse(total.Groups[2].Value) : succeeded = int.Parse(total.Groups[2].Value);
        }

        return line;
    };
    int status = StartProcess($"tests/{project}/bin/{Configuration}/net10.0/{project}{executable}", settings);
    const int NoTestMatched = 8;
    bool filteredAway = status == NoTestMatched && passed.Length > 0;
    return (succeeded, status == 0 || filteredAway ? 0 : Math.Max(failed, 1)); // a crash has no totals and still counts
}

//////////////////////////////////////////////////////////////////////
// TASKS
//////////////////////////////////////////////////////////////////////

Task("Setup")
    .Description("Finds OpenBLAS and NVRTC, or fetches their Debian/Ubuntu packages into artifacts/native. No root needed.")
    .Does(() =>
{
    if (IsRunningOnLinux())
    {
        Run("bash", "native/setup.sh", "artifacts/native");
    }
    else
    {
        Information("setup: the packages it fetches are for Linux only. Install OpenBLAS yourself, or go on without: products then run on the managed kernels.");
    }
});

Task("Kernels")
    .Description("Compiles the CUDA kernels to PTX with NVRTC, for embedding. Without NVRTC it says so and goes on.")
    .IsDependentOn("Setup")
    .WithCriteria(() => FileExists(KernelCompiler), "there is no kernel compiler yet")
    .Does(() =>
{
    Run("dotnet", "run", "-c", Configuration, "--project", KernelCompiler, "--", "native/kernels", "artifacts/kernels");
    Run("dotnet", "run", "-c", Configuration, "--project", KernelCompiler, "--", "tests/NativeDL.Tests/Cuda/kernels", "artifacts/kernels/tests");
});

Task("Simulator")
    .Description("Builds the CUDA driver that runs the same kernels on the CPU, for the tests. Linux only.")
    .WithCriteria(() => IsRunningOnLinux(), "the simulator is for Linux only")
    .WithCriteria(() => FileExists("native/simulator/build.sh"), "there is no simulator yet")
    .Does(() =>
{
    if (Context.Tools.Resolve(EnvironmentVariable("CXX") ?? "g++") is null)
    {
        Warning("simulator: there is no g++ here, so the CUDA kernels are not tested on the CPU. To have it on Debian: apt-get install g++");
        return;
    }

    Run("bash", "native/simulator/build.sh", "artifacts/simulator");
});

Task("Build")
    .Description("Builds everything in Release.")
    .IsDependentOn("Setup")
    .IsDependentOn("Kernels")
    .IsDependentOn("Simulator")
    .Does(() => BuildProject(Solution));

Task("Test")
    .Description("Builds and runs all tests. Arguments go to the test programs, such as --filter-class '*OpenBlas*'.")
    .IsDependentOn("Build")
    .Does(() => RunTests());

Task("TestGpu")
    .Description("Builds and runs the tests on this machine's real CUDA driver, but for those that need the simulator.")
    .IsDependentOn("Build")
    .Does(() => RunTests("cuda", "--filter-not-trait", "needs=simulator"));

Task("PackGpu")
    .Description("Packs tests, ndl and benchmark with their own runtime for a GPU machine without the SDK: artifacts/gpu and artifacts/gpu.tar.xz.")
    .IsDependentOn("Build")
    .Does(() =>
{
    const string folder = "artifacts/gpu";
    const int mostMebibytes = 45;
    CleanDirectory(folder);
    foreach (string project in new[] { Cli, Bench }.Concat(testProjects.Select(name => $"tests/{name}")))
    {
        Run("dotnet", "publish", project, "-c", Configuration, "-r", "linux-x64", "--self-contained", "-p:PublishDocumentationFiles=false", "-o", folder,
            "--nologo", "-v", "minimal");
    }

    // Where the library looks beside the program, so that OpenBLAS need not be installed there.
    string unpacked = "artifacts/native/usr/lib/x86_64-linux-gnu", beside = $"{folder}/runtimes/linux-x64/native";
    EnsureDirectoryExists(beside);
    string[] libraries = ["libquadmath.so.0", "libgfortran.so.5", "openblas-pthread/libopenblas.so.0"];
    CopyFiles(libraries.Select(name => File($"{unpacked}/{name}").Path).Where(FileExists), beside);
    CopyFile("native/gpu/run.sh", $"{folder}/run.sh");
    CopyFile("bench/peers/torch_gpu.py", $"{folder}/torch_gpu.py");
    Run("tar", "--use-compress-program=xz -9e -T0", "-cf", "artifacts/gpu.tar.xz", "-C", "artifacts", "gpu");
    long bytes = FileSize("artifacts/gpu.tar.xz");
    Information($"Packed artifacts/gpu.tar.xz, {bytes / 1048576.0:F1} MiB. There: tar xJf gpu.tar.xz && gpu/run.sh");
    if (bytes > mostMebibytes << 20)
    {
        throw new CakeException($"artifacts/gpu.tar.xz is larger than {mostMebibytes} MiB.");
    }
});

Task("Train")
    .Description("Trains a convolutional network on MNIST and shows the result. Arguments: another recipe, options of 'ndl train'.")
    .IsDependentOn("Setup")
    .Does(() =>
{
    BuildProject(Cli);
    bool recipeNamed = passed.Length > 0 && !passed[0].StartsWith('-');
    Console.CancelKeyPress += (_, stop) => stop.Cancel = true; // ndl saves its checkpoint and ends by itself
    Run($"src/NativeDL.Cli/bin/{Configuration}/net10.0/ndl{executable}", ["train", .. recipeNamed ? passed : ["mnist-cnn", .. passed]]);
});

Task("Bench")
    .Description("Runs the library's benchmarks. Arguments go to BenchmarkDotNet, such as --filter '*'.")
    .IsDependentOn("Setup")
    .Does(() => Run("dotnet", ["run", "-c", Configuration, "--project", Bench, "--", .. passed]));

Task("Compare")
    .Description("Measures NativeDL and its peers side by side and writes artifacts/compare.json. Arguments: --only part-of-a-name.")
    .IsDependentOn("Setup")
    .Does(() => Run("dotnet", ["run", "-c", Configuration, "--project", Bench, "--", "compare", "--out", "artifacts/compare.json", .. passed]));

Task("Pack")
    .Description("Makes the NuGet packages (artifacts/packages) and a trimmed single file of ndl (artifacts/ndl).")
    .IsDependentOn("Build")
    .Does(() =>
{
    CleanDirectories(["artifacts/packages", "artifacts/ndl"]);
    Run("dotnet", "pack", Solution, "-c", Configuration, "-o", "artifacts/packages", "--nologo", "-v", "minimal");
    Run("dotnet", "publish", Cli, "-c", Configuration, "--use-current-runtime", "--self-contained", "-p:SingleFile=true", "-o", "artifacts/ndl", "--nologo",
        "-v", "minimal");
});

Task("Format")
    .Description("Checks that the code is formatted as .editorconfig says. To mend it: dotnet format.")
    .Does(() => Run("dotnet", "format", Solution, "--verify-no-changes"));

//////////////////////////////////////////////////////////////////////
// TASK TARGETS
//////////////////////////////////////////////////////////////////////

Task("Default")
    .Description("Test.")
    .IsDependentOn("Test");

//////////////////////////////////////////////////////////////////////
// EXECUTION
//////////////////////////////////////////////////////////////////////

if (!Tasks.Any(task => task.Name.Equals(target, StringComparison.OrdinalIgnoreCase)))
{
    throw new CakeException($"Build(target): there is no such target. Got '{target}'; expected one of {string.Join(", ", Tasks.Select(task => task.Name))}.");
}

try
{
    RunTarget(target);
}
catch (Exception failure) when (exitStatus != 0)
{
    Error(failure.GetBaseException().Message);
}

// Failed tests throw nothing: so the line with the totals stays the last one.
if (exitStatus != 0)
{
    Environment.Exit(exitStatus);
}
