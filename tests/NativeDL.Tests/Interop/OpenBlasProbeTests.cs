using NativeDL.Interop;
using NativeDL.Interop.OpenBlas;

namespace NativeDL.Tests.Interop;

/// <summary>The search for OpenBLAS: its order, its refusals, and the reasons it reports.</summary>
public sealed class OpenBlasProbeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ndl-probe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Places_are_tried_in_the_promised_order()
    {
        File.WriteAllText(Path.Combine(_folder, "NativeDL.sln"), "");
        var result = Run("/nowhere/option.so", "/nowhere/variable.so", ["libnosuchblas.so.0", "libnosuchblas.so"]);

        string[] expected = OperatingSystem.IsLinux()
            ? ["option", "NATIVEDL_OPENBLAS", "beside the program", "unpacked by Setup", "system", "system"]
            : ["option", "NATIVEDL_OPENBLAS", "beside the program", "system", "system"];
        // Windows has two file names beside the program; each place counts once here.
        Assert.Equal(expected, result.Report.Attempts.Where(a => !a.Candidate.EndsWith("\\libopenblas.dll", StringComparison.Ordinal)).Select(a => a.Source));
        Assert.Equal(0, result.Handle);
        Assert.Null(result.Report.Found);
        Assert.False(result.HasLapack);
    }

    [Fact]
    public void A_library_is_chosen_before_it_is_used_or_not_at_all()
    {
        _ = NativeLibraryReport.All(); // which decides
        var error = Assert.Throws<InvalidOperationException>(() => NativeDL.OpenBlas.Choose("/nowhere/option.so"));
        Assert.Contains("/nowhere/option.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("before", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void None_in_the_variable_hides_every_later_place()
    {
        var result = Run(null, "none", ["libopenblas.so.0"]);

        var only = Assert.Single(result.Report.Attempts);
        Assert.False(only.Loaded);
        Assert.Equal(0, result.Handle);
        Assert.Contains("hidden", only.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_reported_with_the_systems_reason()
    {
        string missing = Path.Combine(_folder, "libmissing.so");
        var attempt = Run(missing, null, []).Report.Attempts[0];

        Assert.Equal(missing, attempt.Candidate);
        Assert.NotEmpty(attempt.Reason);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("No such file", attempt.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_no_library_is_reported_with_the_systems_reason()
    {
        string junk = Path.Combine(_folder, "libjunk.so");
        File.WriteAllText(junk, "this is no library at all, only some words to fill a header with");
        var attempt = Run(null, junk, []).Report.Attempts[0];

        Assert.False(attempt.Loaded);
        Assert.NotEmpty(attempt.Reason);
        if (OperatingSystem.IsLinux())
        {
            Assert.Contains("invalid ELF header", attempt.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_library_that_is_no_OpenBLAS_is_refused()
    {
        string other = OperatingSystem.IsWindows() ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libm.so.6";
        var attempt = Run(null, other, []).Report.Attempts[0];

        Assert.False(attempt.Loaded);
        Assert.Contains("cblas_sgemm", attempt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_place_does_not_stop_the_search()
    {
        // The library that this process uses, or else a name that must fail: either way the search goes on to it.
        string last = OpenBlasLibrary.Report.Found?.Candidate ?? "libnosuchblas.so.0";
        var result = Run("/nowhere/option.so", null, [last]);

        Assert.False(result.Report.Attempts[0].Loaded);
        Assert.Equal(last, result.Report.Attempts[^1].Candidate);
        Assert.Equal(OpenBlasLibrary.IsAvailable, result.Report.Attempts[^1].Loaded);
        Assert.Equal(OpenBlasLibrary.IsAvailable, result.Handle != 0);
    }

    [Fact]
    public void A_library_that_was_asked_for_and_is_not_there_is_an_error_and_no_other_is_used()
    {
        Assert.Equal("/nowhere/variable.so", Run(null, "/nowhere/variable.so", ["libopenblas.so.0"]).Missing!.Candidate);
        Assert.Equal("option", Run("/nowhere/option.so", null, []).Missing!.Source);
        Assert.Null(Run(null, "none", []).Missing);
        Assert.Null(Run(null, null, ["libnosuchblas.so"]).Missing);

        // It is decided once in a process, so that another one tells what a training makes of it.
        string[] train = ["train", "digits", "--epochs", "1", "--out", Path.Combine(_folder, "run")];
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [typeof(NativeDL.Cli.Ndl).Assembly.Location, .. train])
        {
            RedirectStandardError = true,
            Environment = { [OpenBlasLibrary.EnvironmentVariable] = "/nowhere/variable.so" },
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        string told = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("the library that NATIVEDL_OPENBLAS names is not there. Got /nowhere/variable.so", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_cannot_be_chosen_once_it_is_decided()
    {
        _ = OpenBlasLibrary.Report;

        var error = Assert.Throws<InvalidOperationException>(() => OpenBlasLibrary.Choose("/some/libopenblas.so"));
        Assert.Contains("/some/libopenblas.so", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_reads_as_lines()
    {
        string text = Run(null, "none", []).Report.ToString();

        Assert.StartsWith("OpenBLAS: not found\n", text, StringComparison.Ordinal);
        Assert.Contains("- NATIVEDL_OPENBLAS: none (", text, StringComparison.Ordinal);
    }

    private OpenBlasProbe.Result Run(string? explicitPath, string? variable, string[] systemNames) =>
        OpenBlasProbe.Run(new(explicitPath, variable, _folder, systemNames));
}
