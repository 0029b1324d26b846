using System.Globalization;
using System.Text.Json;
using FsCheck.Xunit;
using Glia.Diagnostics;
using Glia.Training;

namespace Glia.Runs.Tests;

public sealed class RunExportTests : IDisposable
{
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Property(MaxTest = 30)]
    public void Json_ReadAgain_HasTheSameNumbers(double[] losses, double setting, double accuracy, ulong seed, string? text)
    {
        using var store = RunStore.Open(Path.Combine(_temp.Folder, "property.db"));
        // A lone surrogate is no text that could be stored.
        var name = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c) && c != 0)]);
        using var run = store.Begin(new RunDescription { Name = name, Seed = seed, Settings = new Dictionary<string, RunValue> { ["setting"] = setting } });
        for (var i = 0; i < losses.Length; i++)
            run.AddStep(i + 1, "loss", losses[i]);
        run.AddEpoch(new EpochRecord { Epoch = 1, LearningRate = setting, TrainingSeconds = 0.5, Training = new Dictionary<string, double> { ["accuracy"] = accuracy } });
        run.Complete();
        var json = Json(store, run.Id);
        Assert.Equal(name, json.GetProperty("name").GetString());
        Assert.Equal(seed, json.GetProperty("seed").GetUInt64());
        Assert.Equal(setting, Number(json.GetProperty("settings").GetProperty("setting")));
        Assert.Equal(accuracy, Number(json.GetProperty("epochs")[0].GetProperty("training").GetProperty("accuracy")));
        Assert.Equal(accuracy, Number(json.GetProperty("results").GetProperty("accuracy")));
        if (losses.Length == 0)
            return;
        Assert.Equal(losses, json.GetProperty("steps").GetProperty("loss").GetProperty("value").EnumerateArray().Select(Number));
        Assert.Equal(Enumerable.Range(1, losses.Length), json.GetProperty("steps").GetProperty("loss").GetProperty("step").EnumerateArray().Select(s => s.GetInt32()));
    }

    [Fact]
    public void Json_HasFindingsAndArtefacts()
    {
        var store = _temp.Open();
        var finding = new Finding(Symptom.Overfitting, Severity.Warning, "s", "e", "r", new Remedy(Setting.LearningRate, "a", "c") { Value = 0.5, Option = "--x 1" }) { Layer = "dense", Step = 3 };
        File.WriteAllText(Path.Combine(_temp.Folder, "f.txt"), "x");
        using var run = store.Begin(new RunDescription { Name = "all" });
        run.AddFindings([finding]);
        run.AddArtefact(Path.Combine(_temp.Folder, "f.txt"), "note");
        run.Complete();
        Assert.Equal([finding], store.Findings(run.Id));
        var json = Json(store, "last");
        var found = json.GetProperty("findings")[0];
        Assert.Equal(("Overfitting", 0.5, 3), (found.GetProperty("symptom").GetString(), found.GetProperty("value").GetDouble(), found.GetProperty("step").GetInt32()));
        Assert.Equal("note", json.GetProperty("artefacts")[0].GetProperty("kind").GetString());
        Assert.Equal(1, json.GetProperty("artefacts")[0].GetProperty("size").GetInt32());
    }

    [Fact]
    public void EpochsCsv_HasALineForEachEpoch()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "csv" });
        run.AddEpoch(new EpochRecord
        {
            Epoch = 1,
            LearningRate = 0.1,
            TrainingSeconds = 2,
            Training = new Dictionary<string, double> { ["loss"] = 1 / 3.0 },
            Validation = new Dictionary<string, double> { ["loss"] = double.NaN },
        });
        run.AddEpoch(new EpochRecord { Epoch = 2, LearningRate = 0.1, TrainingSeconds = 2, Training = new Dictionary<string, double> { ["loss"] = double.PositiveInfinity } });
        run.Complete();
        using var text = new StringWriter();
        RunExport.WriteEpochsCsv(store, "last", text);
        Assert.Equal("epoch,learning_rate,seconds,loss,val_loss\n1,0.1,2,0.3333333333333333,NaN\n2,0.1,2,Infinity,\n", text.ToString());
    }

    [Fact]
    public void StepsCsv_CarriesTheLearningRateOn()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "csv" });
        run.AddStep(1, RunRecorder.LearningRate, 0.1);
        run.AddStep(3, RunRecorder.LearningRate, 0.01);
        for (var step = 1; step <= 4; step++)
            run.AddStep(step, RunRecorder.Loss, step / 2.0);
        run.AddStep(2, "extra", 7);
        run.Complete();
        using var text = new StringWriter();
        RunExport.WriteStepsCsv(store, "last", text);
        Assert.Equal("step,extra,learning_rate,loss\n1,,0.1,0.5\n2,7,0.1,1\n3,,0.01,1.5\n4,,0.01,2\n", text.ToString());
    }

    private static JsonElement Json(RunStore store, string id)
    {
        using var stream = new MemoryStream();
        RunExport.WriteJson(store, id, stream);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    private static double Number(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? double.Parse(json.GetString()!, CultureInfo.InvariantCulture) : json.GetDouble();
}
