using System.CommandLine;
using Glia.Cli.Commands.History;

namespace Glia.Cli.Commands;

/// <summary>The options of training that say where its course is recorded.</summary>
internal sealed class RecordOptions
{
    private readonly Option<string?> _store = StoreLocation.Option();
    private readonly Option<bool> _noStore = new("--no-store") { Description = "Do not record the run in a store." };
    private readonly Option<string?> _tensorBoard = new("--tensorboard") { Description = "Also write event files for TensorBoard, in a folder for this run under this one.", HelpName = "folder" };

    /// <summary>The options' names, which do not change what is trained.</summary>
    public static IReadOnlyList<string> Names { get; } = ["store", "no-store", "tensorboard"];

    /// <summary>The options themselves.</summary>
    public IReadOnlyList<Option> All => [_store, _noStore, _tensorBoard];

    public void AddRules(Command command) =>
        command.Validators.Add(result =>
        {
            if (result.GetValue(_noStore) && result.GetValue(_store) is not null)
                result.AddError("--store and --no-store exclude each other. Leave one out.");
        });

    public TrainOptions Read(ParseResult parsed, TrainOptions options) => options with
    {
        Store = parsed.GetValue(_store),
        IsNotStored = parsed.GetValue(_noStore),
        TensorBoard = parsed.GetValue(_tensorBoard),
    };
}
