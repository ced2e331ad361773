using System.Diagnostics;

namespace NativeDL.Tests.Cli;

/// <summary><c>native/setup.sh</c> with stand-ins for the package tools of Debian; no network is touched.</summary>
public sealed class SetupScriptTests
{
    // The download waits where it is told to: until the file named by HOLD is there.
    private static readonly Dictionary<string, string> StandIns = new()
    {
        ["ldconfig"] = "",
        ["apt-get"] = """
            case "$*" in *" update") exit 0 ;; esac
            for package in "${@:$(($(printf '%s\n' "$@" | grep -n '^download$' | cut -d: -f1) + 1))}"; do echo "$package" > "$package.deb"; done
            [ -z "$HOLD" ] || { touch "$HOLD.reached"; until [ -e "$HOLD" ]; do sleep 0.02; done; }
            """,
        ["apt-cache"] = """case "$*" in *" pkgnames "*) echo libnvrtc12 ;; esac""",
        ["dpkg"] = """mkdir -p "$3/usr/lib" && cp "$2" "$3/usr/lib/" """,
        ["dpkg-deb"] = """echo "$(basename "${@: -1}" .deb) 1.0" """,
    };

    [Fact]
    public async Task Two_first_runs_at_once_leave_each_other_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the packages and this script are Linux's alone");
        using var folder = new TemporaryFolder();
        string tools = Directory.CreateDirectory(folder.File("tools")).FullName, target = folder.File("native"), hold = folder.File("go-on");
        foreach (var (name, script) in StandIns)
        {
            await File.WriteAllTextAsync(Path.Combine(tools, name), $"#!/usr/bin/env bash\n{script}\n", Cancel);
            File.SetUnixFileMode(Path.Combine(tools, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        using var slow = Start(hold);
        while (!File.Exists(hold + ".reached") && !slow.HasExited)
            await Task.Delay(10, Cancel);
        using var quick = Start("");
        Assert.Contains("openblas: unpacked libgfortran5 1.0, libopenblas0-pthread 1.0", await Said(quick));
        await File.WriteAllTextAsync(hold, "", Cancel);
        Assert.Contains("openblas: unpacked libgfortran5 1.0, libopenblas0-pthread 1.0", await Said(slow));

        Assert.Contains("openblas.stamp", Directory.EnumerateFiles(target).Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Combine(target, "usr", "lib", "libopenblas0-pthread.deb")));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(target), entry => Path.GetFileName(entry).StartsWith('.'));

        Process Start(string held)
        {
            var start = new ProcessStartInfo("bash", [Path.Combine(ArchitectureTests.Root(), "native", "setup.sh"), target]) { RedirectStandardOutput = true,
                RedirectStandardError = true };
            start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
            start.Environment["HOLD"] = held;
            return Process.Start(start)!;
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> Said(Process process)
    {
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        Assert.Equal("", await errors);
        Assert.Equal(0, process.ExitCode);
        return await output;
    }
}
