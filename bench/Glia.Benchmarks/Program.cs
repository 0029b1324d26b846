using Glia.Benchmarks;

switch (args)
{
    case ["--self"]:
        SelfMeasurement.Run();
        return 0;
    case ["--prepare", var library]:
        Console.WriteLine($"marked {ElfVersionPatch.MarkWeak(library, "GLIBCXX_3.4.32")} version need as weak in {Path.GetFileName(library)}");
        return 0;
#if PEER
    case ["--language-model", var text]:
        return Glia.Benchmarks.Peer.LanguageModel.Run(text);
    case ["--save", var file]:
        return Glia.Benchmarks.Peer.SideBySide.Run("", file);
    case [] or [_] when args is not [['-', ..]]:
        return Glia.Benchmarks.Peer.SideBySide.Run(args.Length == 0 ? "" : args[0], null);
#endif
    default:
        Console.Error.WriteLine("Run bench/run.sh [part of a row's name], bench/run.sh --language-model TEXT, or bench/run.sh --self for the machine's peak and Glia alone.");
        return 2;
}
