using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Glia.Conformance.Tests;

public class ConformanceProgramTests
{
    /// <summary>Raised whenever vectors are added, so that none can get lost unnoticed.</summary>
    private const int VectorCount = 571;

    [Fact]
    public void AllVectors_RunInBothTypesAndPass_ALineForEach()
    {
        var (code, lines, _) = Run(Vectors.Folder);

        Assert.Equal(VectorCount, Vectors.Names.Count);
        Assert.Equal(0, code);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{VectorCount} passed, 0 failed"), lines[^1]);
        var words = lines[..^1].Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Equal(Vectors.Names.Select(name => $"pass f64 f32 {name}"), words.Select(w => $"{w[0]} {w[1]} {w[3]} {w[5]}"));
        // Errors in the order of the types: of double precision they are smaller by far.
        Assert.All(words, w => Assert.InRange(double.Parse(w[2], CultureInfo.InvariantCulture), 0, 1e-6));
        Assert.InRange(words.Sum(w => double.Parse(w[2], CultureInfo.InvariantCulture)), 0, words.Sum(w => double.Parse(w[4], CultureInfo.InvariantCulture)) / 1000);
    }

    [Theory]
    [InlineData("onnx-node", 351)]
    [InlineData("onnx-models", 8)]
    public void OnnxCases_AllPass_ALineForEach(string archive, int count)
    {
        using var folder = new TemporaryFolder();
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Onnx", archive + ".zip"), folder.Path);

        var (code, lines, _) = Run(folder.Path);

        Assert.DoesNotContain(lines, line => line.StartsWith("FAIL", StringComparison.Ordinal));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{count} passed, 0 failed"), lines[^1]);
        Assert.Equal(0, code);
    }

    [Fact]
    public void OnnxCaseWithAnotherResult_FailsWithExitCode1()
    {
        using var folder = new TemporaryFolder();
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Onnx", "onnx-models.zip"), folder["all"]);
        var (one, other) = (Path.Combine(folder["all"], "mlp_relu"), Path.Combine(folder["all"], "mlp_relu", "test_data_set_0", "output_0.pb"));
        var bytes = File.ReadAllBytes(other);
        bytes[^1] ^= 0x40;
        File.WriteAllBytes(other, bytes);

        var (code, lines, _) = Run(one);

        Assert.Equal(1, code);
        Assert.StartsWith("FAIL mlp_relu: module, test_data_set_0: ", lines[0], StringComparison.Ordinal);
        Assert.Equal("0 passed, 1 failed", lines[^1]);
    }

    [Theory]
    [InlineData("avx512")]
    [InlineData("avx2")]
    [InlineData("scalar")]
    public async Task AllVectors_PassWithForcedInstructions(string isa)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(CaseResult).Assembly.Location);
        start.ArgumentList.Add(Vectors.Folder);
        start.Environment["GLIA_ISA"] = isa;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();

        await errors;
        if (lines.Any(line => line.Contains("which this processor lacks", StringComparison.Ordinal)))
            return;
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{VectorCount} passed, 0 failed"), lines[^1]);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void UnknownOperation_FailsWithExitCode1()
    {
        using var folder = new TemporaryFolder();
        Change("activation/relu__3x5", folder["a.safetensors"], file => file.Case["op"] = "rectify");

        var (code, lines, _) = Run(folder.Path);

        Assert.Equal(1, code);
        Assert.Equal(["FAIL f64 -       f32 -       a: unknown operation 'rectify'", "0 passed, 1 failed"], lines);
    }

    [Fact]
    public void CaseThatFailsInOneType_IsOneFailureAndSaysWhichType()
    {
        CaseResult[] results = [new("g/a", DType.Float64, 2.5e-3, "out.y differs"), new("g/a", DType.Float32, 1e-7, null)];

        Assert.Equal("FAIL f64 2.5e-03 f32 1.0e-07 g/a: f64 out.y differs", CaseResult.Line(results));
        Assert.Equal(
            "FAIL f64 2.5e-03 f32 -       g/a: f64 out.y differs; f32 out.y was not computed",
            CaseResult.Line([results[0], new("g/a", DType.Float32, null, "out.y was not computed")]));
    }

    [Fact]
    public void OptionThatTheAdapterPassesOver_Fails() =>
        Assert.Equal(
            "unsupported: option 'inplace' not honoured",
            ProblemOf("activation/relu__3x5", file => file.Case["options"]!["inplace"] = true));

    [Fact]
    public void OptionInsideOptionsThatTheAdapterPassesOver_Fails() =>
        Assert.Equal(
            "unsupported: option 'clip' not honoured",
            ProblemOf("model/train_mlp__sgd", file => file.Case["options"]!["optimizer_options"]!["clip"] = 1.0));

    [Fact]
    public void GivenTensorThatTheAdapterPassesOver_Fails() =>
        Assert.Equal(
            "unsupported: 'in.z' not honoured",
            ProblemOf("activation/relu__3x5", file => file.Rename("grad.x", "in.z")));

    [Fact]
    public void ExpectedTensorThatTheAdapterDoesNotCompute_Fails() =>
        Assert.Equal("out.z was not computed", ProblemOf("activation/relu__3x5", file => file.Rename("grad.x", "out.z")));

    [Fact]
    public void TensorOfUnknownKind_Fails() =>
        Assert.Equal("unknown kind of tensor 'grads.x'", ProblemOf("activation/relu__3x5", file => file.Rename("grad.x", "grads.x")));

    [Theory]
    [InlineData("pool/global_max_pool2d__1x2x4x6_to1x1", "output_size", "[2, 2]")]
    [InlineData("norm/dropout__3x4_p0.0_train", "p", "0.5")]
    [InlineData("loss/mse_loss__4x3_mean", "reduction", "\"median\"")]
    [InlineData("loss/cross_entropy__5x4_plain_mean", "target", "\"ranks\"")]
    [InlineData("model/train_mlp__adam", "network", "\"linear fc1 -> cosine -> cross entropy (mean)\"")]
    [InlineData("second_order/hvp_mlp__joint", "loss", "\"largest error\"")]
    public void OptionThatGliaDoesNotSupport_Fails(string name, string option, string value) =>
        Assert.StartsWith("unsupported: ", ProblemOf(name, file => file.Case["options"]![option] = JsonNode.Parse(value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("activation/elu__3x5", "{}")]
    [InlineData("activation/log_softmax__2x3x4x5_dim-1", "{}")]
    [InlineData("conv/conv2d__2x3x5x6_o4_k3x3", "{}")]
    [InlineData("conv/conv2d__2x2x8x7_o3_k3x3_s2_p1", """{ "stride": 2, "padding": 1 }""")]
    [InlineData("conv/depthwise_conv2d__2x3x5x6_m1_k3", """{ "padding": 1 }""")]
    [InlineData("loss/cross_entropy__5x4_weight_mean", "{}")]
    [InlineData("loss/mse_loss__4x3_mean", """{ "reduction": null }""")]
    [InlineData("matmul/linear__3_5to4_nobias", "{}")]
    [InlineData("norm/batch_norm1d__5x3_train", "{}")]
    [InlineData("norm/layer_norm__3x5_over5", """{ "normalized_shape": 5 }""")]
    [InlineData("optimizer/adam__fit_lr0.01", """{ "lr": 0.01 }""")]
    [InlineData("optimizer/adagrad__given_lr0.1", """{ "lr": 0.1 }""")]
    [InlineData("pool/max_pool2d__2x3x6x6_k2x2", """{ "kernel_size": 2 }""")]
    [InlineData("pool/adaptive_avg_pool2d__1x2x5x5_to5x5", """{ "output_size": [null, 5] }""")]
    [InlineData("reduction/sum__2x3x4x5_d1", """{ "dim": 1 }""")]
    [InlineData("reduction/norm__3x4_all", "{}")]
    [InlineData("schedule/onecycle__20", """{ "max_lr": 0.8, "total_steps": 20 }""")]
    [InlineData("second_order/double_backward_tanh__3x2", "{}")]
    [InlineData("shape/concat__n2_d0", "{}")]
    public void OptionLeftOut_HasTheReferencesDefault(string name, string options)
    {
        Assert.Null(ProblemOf(name, file => file.Case["options"] = JsonNode.Parse(options)));
        Assert.Null(ProblemOf(name, file =>
        {
            file.Case["options"] = JsonNode.Parse(options);
            file.Case.Remove("tolerance");
        }));
    }

    [Fact]
    public void OperationOfAFamily_IsFoundByItsName() =>
        Assert.Null(ProblemOf("reduction/norm3__3x4_all", file => (file.Case["op"], file.Case["options"]) = ("norm3.0", new JsonObject())));

    [Theory]
    [InlineData("conv/conv2d__1x1x3x3_o1_k3x3")]
    [InlineData("second_order/hvp_mlp__joint")]
    [InlineData("optimizer/sgd__fit_lr0.1")]
    public void DamagedFile_IsAFailureAndNoCrash(string name)
    {
        using var folder = new TemporaryFolder();
        var whole = File.ReadAllBytes(Vectors.PathOf(name));
        var rng = new Rng(1);
        var failures = 0;
        for (var i = 0; i < 200; i++)
        {
            var damaged = whole.ToArray();
            damaged[rng.NextInt(600)] ^= (byte)(1 + rng.NextInt(255));
            File.WriteAllBytes(folder["damaged.safetensors"], damaged);
            failures += CaseRunner.Run(folder["damaged.safetensors"], name, DType.Float32).Passed ? 0 : 1;
        }
        Assert.InRange(failures, 100, 200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(-1)]
    public void TruncatedFile_IsOneFailureAmongTheOthers(int length)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Vectors.PathOf("activation/relu__3x5"), folder["whole.safetensors"]);
        var bytes = File.ReadAllBytes(folder["whole.safetensors"]);
        File.WriteAllBytes(folder["cut.safetensors"], length < 0 ? bytes[..^1] : bytes[..length]);

        var (code, lines, _) = Run(folder.Path);

        Assert.Equal(1, code);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("FAIL f64 -       f32 -       cut: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("pass f64 0.0e+00 f32 0.0e+00 whole", lines[1], StringComparison.Ordinal);
        Assert.Equal("1 passed, 1 failed", lines[2]);
    }

    [Fact]
    public void FilesInNestedFolders_AreFound()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a/b"]);
        File.Copy(Vectors.PathOf("activation/relu__3x5"), folder["a/b/c.safetensors"]);

        var (code, lines, _) = Run(folder.Path);

        Assert.Equal(0, code);
        Assert.EndsWith(" a/b/c", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void FolderWithoutCases_IsWrongUsage()
    {
        using var folder = new TemporaryFolder();

        var (code, _, errors) = Run(folder.Path);

        Assert.Equal(2, code);
        Assert.Contains("holds no .safetensors files", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFolder_IsWrongUsage()
    {
        var (code, _, errors) = Run("/no/such/folder");

        Assert.Equal(2, code);
        Assert.Contains("There is no folder '/no/such/folder'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void NoArgument_IsWrongUsage()
    {
        var (code, _, errors) = Run();

        Assert.Equal(2, code);
        Assert.StartsWith("Usage: ", errors, StringComparison.Ordinal);
    }

    private static string? ProblemOf(string name, Action<CaseFile> change)
    {
        using var folder = new TemporaryFolder();
        var path = Change(name, folder["changed.safetensors"], change);
        return CaseRunner.Run(path, name, DType.Float64).Problem;
    }

    private static string Change(string name, string path, Action<CaseFile> change)
    {
        var file = new CaseFile(Vectors.PathOf(name));
        change(file);
        return file.Save(path);
    }

    private static (int Code, string[] Lines, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = ConformanceProgram.Run(args, output, errors);
        return (code, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), errors.ToString());
    }
}
