namespace Glia.Cli.Tests;

/// <summary>Models that several tests look at, trained once: a classifier of a table, a regression, a classifier of images.</summary>
public sealed class TrainedModels : IDisposable
{
    private readonly Workspace _workspace = new();

    public TrainedModels()
    {
        IrisReport = Train("iris", "iris", "--epochs", "30");
        DiabetesReport = Train("diabetes", "diabetes", "--epochs", "30");
        DigitsReport = Train("digits", "digits", "--epochs", "2");
    }

    public string Iris => _workspace["iris"];

    public string IrisReport { get; }

    public string Diabetes => _workspace["diabetes"];

    public string DiabetesReport { get; }

    public string Digits => _workspace["digits"];

    public string DigitsReport { get; }

    public void Dispose() => _workspace.Dispose();

    private string Train(string name, params string[] args) => Cli.Run(["train", .. args, "--out", _workspace[name]]).Success();
}

[CollectionDefinition(Name)]
public sealed class TrainedModelsCollection : ICollectionFixture<TrainedModels>
{
    public const string Name = "trained models";
}
