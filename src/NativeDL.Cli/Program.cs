using System.Runtime.InteropServices;

namespace NativeDL.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        // The first Ctrl-C asks politely: training saves a checkpoint and ends. The second one ends the program at once.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        return Ndl.Run(arguments, Terminal.OfThisProcess(), stop.Token);

        void Ask(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
