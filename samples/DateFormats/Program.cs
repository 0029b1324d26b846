// Sequence to sequence: dates as people write them to ISO 8601, character by character.
using System.Globalization;
using Glia;
using Glia.Data;
using Glia.Losses;
using Glia.Models;
using Glia.Optimizers;
using Glia.Training;

const ulong Seed = 1;
const int Train = 8_000, Test = 2_000;
var epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 4;

// No date of the test is among those of the training, in whatever format.
var pairs = SequencePairs.Dates(Train + Test, Seed);
var (train, test) = (pairs.Part(0, Train), pairs.Part(Train, Test));

var model = new EncoderDecoder(pairs.SourceSymbolCount, pairs.TargetSymbolCount, new() { EmbeddingSize = 32, HiddenSize = 64 }, Seed);
Console.WriteLine($"{train.Count:N0} pairs to learn from, {test.Count:N0} others to test, {model.ParameterCount:N0} parameters");
var trainer = new Trainer(model, new CrossEntropyLoss(classAxis: -1, ignoreIndex: SequencePairs.Padding), new Adam(5e-3))
{
    Metrics = [new Accuracy(classAxis: -1, ignoreIndex: SequencePairs.Padding)],
    Callbacks = [new PrintEpochs()],
    ClipNorm = 1,
    Seed = Seed,
};
trainer.Fit(train, epochs: epochs, batchSize: 64);

var written = model.Greedy(test.SourceSymbols, test.Lengths, maxLength: 12).Select(found => pairs.DecodeTarget([.. found.Symbols])).ToArray();
for (var i = 0; i < 8; i++)
    Console.WriteLine($"{test.Sources[i],-28} → {written[i]}{(written[i] == test.Targets[i] ? "" : $"   wrong, it is {test.Targets[i]}")}");
var right = written.Zip(test.Targets).Count(p => p.First == p.Second);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"exact match, accuracy {100.0 * right / test.Count:F2} % of {test.Count} unseen dates"));

// Where the decoder looks: for each character it writes, the character of the source that it attends to most.
var (source, lengths) = pairs.EncodeSources("Tuesday, 5 March 2019");
var best = model.Beam(source, lengths, new() { Width = 4, MaxLength = 12 })[0][0];
var weights = model.AttentionWeights(source, Tensor.From([SequencePairs.Start, .. best.Symbols], (1, best.Symbols.Count + 1)), lengths);
var looked = weights.ArgMax().ToArray<long>().Take(best.Symbols.Count).Select(s => "Tuesday, 5 March 2019"[(int)s]);
Console.WriteLine($"Tuesday, 5 March 2019 → {pairs.DecodeTarget([.. best.Symbols])}, looking at {string.Join(" ", looked.Select(c => $"'{c}'"))}");

internal sealed class PrintEpochs : Callback
{
    public override void OnEpochEnd(TrainingState state)
    {
        var epoch = state.History.Epochs[^1];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch,2}: loss {epoch.Training["loss"]:F4}, {100 * epoch.Training["accuracy"]:F2} % of the characters, {epoch.TrainingSeconds:F1} s"));
    }
}
