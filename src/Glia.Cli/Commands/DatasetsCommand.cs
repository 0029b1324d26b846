using System.CommandLine;
using System.Text.Json.Nodes;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Data;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Glia.Cli.Commands;

/// <summary><c>glia datasets</c>: what comes with the program.</summary>
internal static class DatasetsCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var json = CommonOptions.Json();
        var command = new HelpfulCommand(
            "datasets",
            "List the built-in data sets, with source and licence.",
            """
              glia datasets
              glia datasets --json
            """)
        { json };
        command.SetAction(parsed => Run(new Terminal(output, error, parsed.GetValue(json), quiet: false)));
        return command;
    }

    private static int Run(Terminal terminal)
    {
        if (terminal.Json)
        {
            terminal.Out.WriteLine(RunSummary.ToText(new JsonArray([.. BuiltInDatasets.All.Select(d => new JsonObject
            {
                ["name"] = d.Name,
                ["rows"] = d.Rows,
                ["columns"] = d.Columns,
                ["kind"] = KindOf(d),
                ["task"] = TaskOf(d),
                ["target"] = d.Target,
                ["description"] = d.Description,
                ["source"] = d.Source,
                ["licence"] = d.Licence,
            })])));
            return ExitCode.Success;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumn("name");
        table.AddColumn(new TableColumn("rows").RightAligned()).AddColumn(new TableColumn("columns").RightAligned()).AddColumns("kind", "task", "what it is");
        foreach (var d in BuiltInDatasets.All)
            table.AddRow(d.Name, ModelSummary.Number(d.Rows), ModelSummary.Number(d.Columns), KindOf(d), TaskOf(d), Markup.Escape(d.Description));
        terminal.Ansi.Write(table);
        terminal.Heading("Sources");
        foreach (var d in BuiltInDatasets.All)
            terminal.Line($"  {d.Name}: {d.Source} ({d.Licence})");
        terminal.Heading("More");
        terminal.Line("  MNIST and Fashion-MNIST are read from folders of their IDX files; bench/reproduce.sh downloads and checks them.");
        terminal.Heading("What next");
        terminal.Line($"  {CommandLine.Name} train iris");
        return ExitCode.Success;
    }

    private static string KindOf(BuiltInDataset set) => set.Kind.ToString().ToLowerInvariant();

    private static string TaskOf(BuiltInDataset set) => set.Kind == DataKind.Series ? "forecasting" : set.Task.ToString().ToLowerInvariant();
}
