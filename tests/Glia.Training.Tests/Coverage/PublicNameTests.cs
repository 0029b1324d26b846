using Glia.Tests.Coverage;

namespace Glia.Training.Tests.Coverage;

/// <summary>Every public schedule has a page and a PyTorch vector; every metric has a page, and a test that names it.</summary>
public class PublicNameTests
{
    private const string Table = "tests/Glia.Training.Tests/Coverage/PublicNameTests.cs, Schedules";

    private static readonly Dictionary<string, Vector> Schedules = new()
    {
        ["ConstantSchedule"] = Vector.None("nothing to compare; its values are tested"),
        ["CosineRestartsSchedule"] = "cosine_warm_restarts",
        ["CosineSchedule"] = "cosine_annealing",
        ["ExponentialSchedule"] = "exponential",
        ["InverseSqrtSchedule"] = "inverse_sqrt",
        ["LinearWarmupSchedule"] = "linear_warmup",
        ["MultiStepSchedule"] = "multistep",
        ["OneCycleSchedule"] = "onecycle",
        ["PolynomialSchedule"] = "polynomial",
        ["StepSchedule"] = "step",
    };

    [Fact]
    public void EverySchedule_IsDocumentedAndCompared() => Nothing(Evidence.Missing("schedule", Names<Schedule>(), Schedules, Table));

    [Fact]
    public void EveryMetric_IsDocumentedAndTested()
    {
        var names = Names<Metric>().ToList();
        var vectors = names.ToDictionary(n => n, _ => Vector.None("PyTorch itself has no metrics; they are counted by hand"));
        var untested = names.Where(name => !Evidence.IsNamedInTests("Glia.Training.Tests", name))
            .Select(name => $"The metric {name} is named by no test: add one under tests/Glia.Training.Tests/Metrics.");
        Nothing(untested.Concat(Evidence.Missing("metric", names, vectors, Table)));
    }

    private static IEnumerable<string> Names<T>() =>
        typeof(T).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract).Select(t => t.Name);

    private static void Nothing(IEnumerable<string> missing)
    {
        var all = missing.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
