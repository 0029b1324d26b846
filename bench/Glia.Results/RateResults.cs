using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Problems;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Training;

namespace Glia.Results;

/// <summary>Trains a built-in data set as <c>glia train</c> does, at the rates of a grid and at the one that the tuner chooses, and writes the table of docs/learning-rate.md.</summary>
internal static class RateResults
{
    private static readonly double[] Grid = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1];

    /// <summary>Trains what is not among the runs that were kept before, and writes the page's table from all of them.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="kept">A file with a line for each run, which this one adds to.</param>
    /// <param name="page">The page whose table is written.</param>
    /// <param name="machine">What it runs on.</param>
    public static void Run(string name, string kept, string page, string machine)
    {
        var runs = File.Exists(kept) ? File.ReadAllLines(kept).Select(RateRun.Parse).ToList() : [];
        var (seeds, steps) = Effort(name);
        for (var seed = 0UL; seed < seeds; seed++)
        {
            var options = new TrainOptions { Data = name, Seed = seed, Steps = steps };
            var problem = ProblemLoader.Load(options);
            foreach (var rate in Grid)
            {
                if (!runs.Exists(r => r.Data == name && r.Seed == seed && r.Steps == steps && !r.IsChosen && r.Rate == rate))
                    Keep(Train(problem, options, new NetworkRecipe(FamilyOf(problem), problem, options with { LearningRate = rate }), isChosen: false));
            }
            var recipe = new NetworkRecipe(FamilyOf(problem), problem, options);
            var tuning = recipe.Tune(problem, seed, trial => Console.WriteLine($"  {trial.Sentence}"), default);
            if (!runs.Exists(r => r.Data == name && r.Seed == seed && r.Steps == steps && r.IsChosen && r.Rate == tuning.Rate))
            {
                runs.RemoveAll(r => r.Data == name && r.Seed == seed && r.IsChosen);
                Keep(Train(problem, options, recipe, isChosen: true));
            }
        }
        RatePage.Write(page, runs, machine);

        void Keep(RateRun run)
        {
            runs.Add(run);
            File.WriteAllLines(kept, runs.Select(r => r.ToString()));
            Console.WriteLine(run);
        }
    }

    /// <summary>How many seeds, and how many steps at most where the whole training would take hours.</summary>
    public static (ulong Seeds, int? Steps) Effort(string name) => name switch
    {
        "moving-digits" or "copy" => (1, 400),
        "adding" or "temporal-order" => (1, 800),
        "sunspots" => (1, null),
        "iris" or "wine" or "breast-cancer" => (10, null),
        _ => (3, null),
    };

    private static FamilyKind FamilyOf(Problem problem) => Families.Fitting(problem.Kind)[0];

    private static RateRun Train(Problem problem, TrainOptions options, NetworkRecipe recipe, bool isChosen)
    {
        var measure = problem.Preparation.Measure;
        var isAccuracy = measure.Key == Measure.Accuracy.Key;
        var run = new RateRun(options.Data, options.Seed, options.Steps, isChosen, recipe.LearningRate, isAccuracy, double.NaN, double.NaN);
        try
        {
            recipe.Train(problem, options.Seed, new Terminal(TextWriter.Null, TextWriter.Null, json: false, quiet: true), RunCheckpoints.None, default);
        }
        catch (TrainingDivergedException)
        {
            return run;
        }
        return run with { Validation = Measured(problem.Validation), Test = Measured(problem.Test) };

        double Measured(Dataset data) => new Trainer(recipe.Network, problem.Preparation.Loss, new Optimizers.Sgd()) { Metrics = [measure.Create!()] }.Evaluate(data)[measure.Key];
    }
}
