using Glia.Benchmarks;

switch (args)
{
    case ["--self"]:
        SelfMeasurement.Run();
        return 0;
    case ["--soak", .. var steps] when steps.Length < 2:
        return Soak.Run(steps.Length == 0 ? 100_000 : int.Parse(steps[0], System.Globalization.CultureInfo.InvariantCulture));
    case ["--processor"]:
        Console.WriteLine(Machine.Processor);
        return 0;
    case ["--streaming"]:
        return Streaming.Run();
    case ["--streaming-limited"]:
        return Streaming.RunLimited();
    case ["--prepare", var library]:
        Console.WriteLine($"marked {ElfVersionPatch.MarkWeak(library, "GLIBCXX_3.4.32")} version need as weak in {Path.GetFileName(library)}");
        return 0;
#if PEER
    case ["--language-model", var text]:
        return Glia.Benchmarks.Peer.LanguageModel.Run(text);
    case ["--memory", .. var part] when part.Length < 2:
        return Glia.Benchmarks.Peer.PeakMemory.Run(part.Length == 0 ? "" : part[0]);
    case ["--peak-of", var row, var side]:
        return Glia.Benchmarks.Peer.PeakMemory.RunOne(row, side);
    case ["--growth", var folder]:
        return Glia.Benchmarks.Peer.Growth.Run(folder);
    case ["--onnx", var models, .. var table] when table.Length < 2:
        return Glia.Benchmarks.Peer.OnnxRows.Run(models, table.Length == 0 ? null : table[0]);
    case ["--save", var file, var rows]:
        return Glia.Benchmarks.Peer.SideBySide.Run(rows, file);
    case [] or [_] when args is not [['-', ..]]:
        return Glia.Benchmarks.Peer.SideBySide.Run(args.Length == 0 ? "" : args[0]);
#endif
    default:
        Console.Error.WriteLine("Run bench/run.sh [part of a row's name], bench/run.sh --language-model TEXT, or another way that bench/run.sh names; bench/run.sh --self for the machine's peak and Glia alone.");
        return 2;
}
