using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using Glia.Losses;

namespace Glia.Cli.Problems;

/// <summary>Characters of a text become numbers; the answer is the character that follows.</summary>
internal sealed class TextPreparation(Vocabulary vocabulary, int window, DataSource source) : Preparation(source)
{
    private const string VocabularyKey = "glia.vocabulary";
    private const string TextKey = "glia.text";
    private const string Format = "glia.text";

    /// <summary>The characters that the model knows.</summary>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>How many characters a sample has.</summary>
    public int Window { get; } = window;

    public override string Task => "language-model";

    public override Loss Loss => new CrossEntropyLoss(classAxis: -1);

    public override Measure Measure => Measure.Bits;

    public override string Expects => $"a text; {Output.ModelSummary.Number(Vocabulary.Count)} characters are known";

    public override Shape InputShape => Window;

    public override Shape ResultShape => (Window, Vocabulary.Count);

    protected override IEnumerable<(string Key, string Text)> Parts =>
        [(VocabularyKey, Vocabulary.ToJson()), (TextKey, JsonNode.Write(Format, 1, writer => writer.WriteNumber("window", Window)))];

    public static TextPreparation? Read(IReadOnlyDictionary<string, string> metadata, DataSource source, string path) =>
        metadata.TryGetValue(VocabularyKey, out var vocabulary) && metadata.TryGetValue(TextKey, out var text)
            ? new(Vocabulary.FromJson(vocabulary, path), JsonNode.Read(text, path, Format, 1, root => root.Count("window")), source)
            : null;

    public override string Predicts(SequentialNetwork network) => "the next character, and so whole texts: glia generate";

    public override Evaluation Evaluate(SequentialNetwork network, Dataset data) => TextEvaluation.Of(network, data, this);

    public override (Dataset Samples, string Part) Open(string data, bool all)
    {
        var location = DataLocation.Find(data);
        if (location.Form is not (DataForm.Text or DataForm.Table))
            throw new UserException($"{data}: the model was trained on a text. Give a text file.");
        var codes = Vocabulary.Encode(TextFile.Read(location.Path), data);
        if (!all && ProblemLoader.SourceOf(location, null, Source.Seed, codes.Length).IsSameDataAs(Source))
            return (new TextDataset(TextProblem.PartOf(codes, Split.Test), Window), HeldOut);
        if (codes.Length <= Window)
            throw new UserException($"{data}: the text has {codes.Length} characters, but the model reads windows of {Window} and the one after them.");
        return (new TextDataset(codes, Window), Everything);
    }

    protected override bool Fits(SequentialNetwork network) => base.Fits(network) && network.HasFreeTime;
}
