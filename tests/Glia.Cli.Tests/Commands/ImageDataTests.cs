using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

public sealed class ImageDataTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void FolderOfClasses_IsLearned()
    {
        TestImages.WriteFolder(_workspace, "bars", 12, 60);
        var report = Cli.Run("train", _workspace["bars"], "--epochs", "12", "--out", _workspace["run"]).Success();
        Assert.Contains("convolution shares its weights: 2 convolutions have 4,800 parameters, dense layers between the same shapes would have 10,955,520, 2,282 times as many\n", report, StringComparison.Ordinal);
        Assert.InRange(Accuracy(), 0.9, 1);
        var prediction = Cli.Run("predict", _workspace["run"], _workspace["bars/standing"]).Success().Split('\n')[1..^1];
        Assert.Equal(60, prediction.Length);
        Assert.InRange(prediction.Count(line => line.Contains(",standing,", StringComparison.Ordinal)), 54, 60);
    }

    [Fact]
    public void DividedFolder_UsesItsOwnTestPart()
    {
        TestImages.WriteFolder(_workspace, "bars/train", 10, 40);
        TestImages.WriteFolder(_workspace, "bars/test", 10, 7);
        var report = Cli.Run("train", _workspace["bars"], "--epochs", "2", "--out", _workspace["run"]).Success();
        Assert.Contains("72 samples to train, 8 to validate, 14 to test", report, StringComparison.Ordinal);
    }

    [Fact]
    public void IdxFolder_IsLearned()
    {
        TestImages.WriteIdx(_workspace, "idx", 12, 120);
        Cli.Run("train", _workspace["idx"], "--epochs", "12", "--out", _workspace["run"]).Success();
        Assert.InRange(Accuracy(), 0.9, 1);
        Assert.Single(Directory.GetFiles(_workspace["run"], "example-*.png"));
    }

    [Fact]
    public void LargePictures_AreShrunkAndTheUserIsTold()
    {
        TestImages.WriteFolder(_workspace, "photos", 130, 10);
        var report = Cli.Run("train", _workspace["photos"], "--epochs", "1", "--out", _workspace["run"]).Success();
        Assert.Contains("20 images of 96×96 pixels", report, StringComparison.Ordinal);
        Assert.Contains("20 images of 20 will be resized to 96 x 96 pixels.", report, StringComparison.Ordinal);
        Assert.Contains("accuracy", Cli.Run("evaluate", _workspace["run"], _workspace["photos"]).Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void Augmentation_ChangesTrainingReproduciblyAndIsSaidAndSaved()
    {
        TestImages.WriteFolder(_workspace, "bars", 12, 20);
        string Train(string augment, string run) =>
            Cli.Run("train", _workspace["bars"], "--epochs", "2", "--augment", augment, "--out", _workspace[run]).Success();
        Assert.Contains(
            "augmentation: training images are moved by up to 1 pixel, turned by up to 8° and zoomed by up to 8 %\n", Train("light", "light"), StringComparison.Ordinal);
        Assert.Contains("up to 8 %, half of them mirrored left to right\n", Train("flip", "flip"), StringComparison.Ordinal);
        Assert.Contains(
            "augmentation: training images are moved by up to 2 pixels, turned by up to 15° and zoomed by up to 15 %; contrast and brightness vary, and a square of 3×3 pixels is blotted out\n",
            Train("strong", "strong"), StringComparison.Ordinal);
        Assert.DoesNotContain("augmentation", Train("none", "none"), StringComparison.Ordinal);
        Train("light", "again");

        byte[] Weights(string run) => File.ReadAllBytes(_workspace[$"{run}/model.safetensors"]);
        Assert.Equal(Weights("light"), Weights("again"));
        Assert.Equal(4, new[] { "none", "light", "flip", "strong" }.Select(run => Convert.ToHexString(Weights(run))).Distinct().Count());
        var settings = JsonDocument.Parse(File.ReadAllText(_workspace["flip/summary.json"])).RootElement.GetProperty("settings");
        Assert.Equal("flip", settings.GetProperty("augmentation").GetString());
    }

    [Fact]
    public void DamagedImage_IsFoundBeforeTraining()
    {
        TestImages.WriteFolder(_workspace, "bars", 12, 8);
        var damaged = _workspace["bars/lying/3.png"];
        File.WriteAllBytes(damaged, File.ReadAllBytes(damaged)[..70]);
        var before = _workspace.Snapshot();
        var result = Cli.Run("train", _workspace["bars"], "--out", _workspace["run"]);
        Assert.StartsWith($"glia: {damaged}: ", result.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Equal(before, _workspace.Snapshot());
    }

    private double Accuracy() =>
        JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement.GetProperty("test").GetProperty("accuracy").GetDouble();
}
