using System.CommandLine;

namespace Glia.Cli.Commands;

/// <summary>The options of commands that train, which say what the data are.</summary>
internal sealed class DataOptions(string description = DataOptions.Data, bool isOptional = false)
{
    private const string Data = "A built-in data set (see 'glia datasets'), a table (CSV, Parquet or Arrow), a text file, a folder of IDX files, or a folder with one sub-folder of images per class.";

    private readonly Argument<string> _data = new("data") { Description = description, Arity = isOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne };
    private readonly Option<string?> _target = new("--target", "-t") { Description = "The column to predict (tables).", HelpName = "column" };
    private readonly Option<string?> _series = new("--series") { Description = "The column that is a time series, to be forecast (tables).", HelpName = "column" };
    private readonly Option<int?> _horizon = CommonOptions.Number("--horizon", null, "How many values of a time series to forecast; 12 by default.", "n", 1);
    private readonly Option<int?> _lookback = CommonOptions.Number("--lookback", null, "From how many known values; 48 by default.", "n", 1);
    private readonly Option<int?> _season = CommonOptions.Number("--season", null, "The length of a season in steps, to compare forecasts with the values a season ago; none by default.", "n", 1);
    private readonly Option<int?> _window = CommonOptions.Number("--window", null, "Characters of a text that are trained on at a time; 64 by default.", "n", 1);

    public void AddTo(Command command)
    {
        command.Add(_data);
        foreach (var option in (Option[])[_target, _series, _horizon, _lookback, _season, _window])
            command.Add(option);
    }

    public TrainOptions Read(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(_data) ?? "",
        Target = parsed.GetValue(_target),
        Series = parsed.GetValue(_series),
        Horizon = parsed.GetValue(_horizon),
        Lookback = parsed.GetValue(_lookback),
        Season = parsed.GetValue(_season),
        Window = parsed.GetValue(_window),
    };
}
