using System.Globalization;
using Glia.Cli.Commands;
using Glia.Cli.Commands.Tune;
using Glia.Cli.Problems;
using Glia.Data;
using Glia.Training.Tuning;

namespace Glia.Cli.Tuning;

/// <summary>A search of the program: its space, and what a trial trains.</summary>
internal sealed class SearchPlan
{
    private const int Digits = 3;

    private readonly SearchSettings _settings;
    private readonly SearchMethod _method;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, (Problem Problem, IReadOnlyList<Fold> Folds)> _problems = [];

    private SearchPlan(SearchSettings settings, string data)
    {
        (_settings, Data) = (settings, data);
        Space = new SearchSpace();
        foreach (var parameter in settings.Parameters)
            Add(parameter);
        _method = MethodOf(settings);
        // A mistake in the file is found before hours of training.
        var first = Options(ToSearch(null, 1, null, null).TrialOf(0).Values);
        Problem = Load(first).Problem;
        if (Recipe.For(Problem, first) is not NetworkRecipe)
            throw NoPerceptron();
    }

    /// <summary>What is trained on, as the user named it.</summary>
    public string Data { get; }

    public SearchSpace Space { get; }

    public Problem Problem { get; }

    /// <summary>What a trial's resource counts.</summary>
    public string Pass => Problem.Kind == ProblemKind.Text ? "round" : "epoch";

    /// <summary>Whether trials are compared after some epochs already.</summary>
    public bool HasRungs => _method is SuccessiveHalving;

    public int TrialCount => ToSearch(null, 1, null, null).TrialCount;

    public static SearchPlan Create(SearchSettings settings)
    {
        var data = settings.Data ?? throw new UserException($"{settings.Path}: which data? Name them in the file, such as 'data: digits', or after it.");
        try
        {
            return new SearchPlan(settings, data);
        }
        catch (ArgumentException e)
        {
            throw new UserException($"{settings.Path}: {FailureReason.Said(e)}", e);
        }
    }

    public Search ToSearch(string? journal, int jobs, Action<TrialRecord>? finished, Action<TrialRecord, TrialRun>? improved) => new(Space, _method)
    {
        Seed = _settings.Seed,
        Epochs = int.MaxValue,
        Parallelism = jobs,
        TimeLimit = _settings.TimeLimit,
        Journal = journal,
        Subject = journal is null ? "" : Subject,
        Finished = finished,
        Improved = improved,
    };

    public SearchResult Run(Search search, CancellationToken cancellation) => search.Run(trial => search.Train(trial, Load(Options(trial.Values)).Folds, Build), cancellation);

    /// <summary>A trial's training judged by the validation part, whatever the search judges by: what 'glia train' would do.</summary>
    public TrialRun TrainWhole(Search search, Trial trial)
    {
        var problem = Load(Options(trial.Values)).Problem;
        return search.Train(trial, [new Fold(problem.Train, problem.Validation)], Build);
    }

    public Problem ProblemOf(TrialRecord trial) => Load(Options(trial.Values)).Problem;

    /// <summary>A new network of a trial's shape.</summary>
    public Recipe RecipeOf(TrialRecord trial) => Recipe.For(ProblemOf(trial), Options(trial.Values));

    /// <summary>The command line that trains as a trial did.</summary>
    public string LineOf(TrialRecord trial) => TrainArguments.Line(Data, Arguments(trial.Values));

    /// <summary>How it searches, in a line.</summary>
    public string Describe(int jobs)
    {
        var how = _settings.Method switch
        {
            SearchKind.Grid => "grid search",
            SearchKind.Random => "random search",
            _ => $"successive halving (ASHA) at {string.Join(", ", ((SuccessiveHalving)_method).Resources)} {Pass}s",
        };
        var judged = _settings.Folds > 1 ? $"{_settings.Folds}-fold cross-validation" : "the validation part";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{how}: {TrialCount} trials over {string.Join(", ", Space.Parameters.Select(p => p.Name))}; judged by the loss on {judged}; {jobs} at a time (seed {_settings.Seed})");
    }

    /// <summary>What a journal must be of to be gone on with.</summary>
    private string Subject
    {
        get
        {
            var source = Problem.Preparation.Source;
            var options = string.Concat(_settings.Options.Select(o => $" --{o.Name} {o.Value}"));
            return string.Create(CultureInfo.InvariantCulture, $"{Data} ({source.Fingerprint}){options}{(_settings.Budget is { } budget ? $", {budget} epochs" : "")}, {_settings.Folds} folds");
        }
    }

    private void Add(ParameterSettings parameter)
    {
        if (parameter.Choices is { } choices)
            Space.Choice(parameter.Name, choices);
        else if (parameter.IsWhole)
            _ = parameter.IsLogarithmic
                ? Space.LogInteger(parameter.Name, (int)parameter.From, (int)parameter.To, parameter.Steps)
                : Space.Integer(parameter.Name, (int)parameter.From, (int)parameter.To, parameter.Steps);
        else
            _ = parameter.IsLogarithmic
                ? Space.LogUniform(parameter.Name, parameter.From, parameter.To, parameter.Steps, Digits)
                : Space.Uniform(parameter.Name, parameter.From, parameter.To, parameter.Steps, Digits);
    }

    private static SearchMethod MethodOf(SearchSettings settings)
    {
        var random = new RandomSearch(settings.Trials ?? SearchSettings.DefaultTrials);
        switch (settings.Method)
        {
            case SearchKind.Grid when settings.Trials is not null:
                throw new UserException($"{settings.Path}: a grid has as many trials as it has points. Leave the number of trials out.");
            case SearchKind.Grid:
                return new GridSearch();
            case SearchKind.Random:
                return settings.HalvesGrid ? throw new UserException($"{settings.Path}: 'trials: grid' is for method asha. Give a number, or use method grid.") : random;
        }
        var (minimum, budget) = (settings.Minimum, settings.Budget ?? SearchSettings.DefaultBudget);
        if (budget < minimum)
            throw new UserException($"{settings.Path}: the budget of {budget} epochs is smaller than the minimum of {minimum}.");
        if (settings.Parameters.Any(p => p.Name is "epochs" or "steps") || settings.Options.Any(o => o.Name is "epochs" or "steps"))
            throw new UserException($"{settings.Path}: method asha chooses the number of epochs itself, up to 'budget'. Leave 'epochs' and 'steps' out.");
        return new SuccessiveHalving(settings.HalvesGrid ? new GridSearch() : random, minimum, budget, settings.Reduction);
    }

    private Candidate Build(Trial trial)
    {
        var options = Options(trial.Values);
        var problem = Load(options).Problem;
        return Recipe.For(problem, options) is NetworkRecipe recipe ? recipe.ToCandidate(problem) : throw NoPerceptron();
    }

    private TrainOptions Options(IReadOnlyList<string> values) => TrainArguments.Parse(Data, Arguments(values));

    private (string Name, string Value)[] Arguments(IReadOnlyList<string> values)
    {
        (string Name, string Value)[] given = [.. _settings.Options, .. Space.Parameters.Select((parameter, i) => (parameter.Name, values[i]))];
        var budget = _method is SuccessiveHalving halving ? halving.Resources[^1] : _settings.Budget;
        // A text is trained in rounds of so many steps; to the command line epochs are passes over all of it.
        if (budget is { } rounds && Problem is not null && TrainingDefaults.For(Problem).StepsPerRound is { } steps)
            given = [.. given, ("steps", ((long)rounds * steps).ToString(CultureInfo.InvariantCulture))];
        else if (budget is { } epochs && !given.Any(o => o.Name == "epochs"))
            given = [.. given, ("epochs", epochs.ToString(CultureInfo.InvariantCulture))];
        if (_settings.Seed != 0 && !given.Any(o => o.Name == "seed"))
            given = [.. given, ("seed", _settings.Seed.ToString(CultureInfo.InvariantCulture))];
        return given;
    }

    /// <summary>The data as a seed divides them; read once.</summary>
    private (Problem Problem, IReadOnlyList<Fold> Folds) Load(TrainOptions options)
    {
        lock (_gate)
        {
            if (_problems.TryGetValue(options.Seed, out var known))
                return known;
            var problem = ProblemLoader.Load(options);
            if (_settings.Folds > 1 && problem.Kind is ProblemKind.Text or ProblemKind.Series)
                throw new UserException($"{Data}: samples of {Families.What(problem.Kind)} overlap, so that parts taken at random would know each other. Leave 'folds' out.");
            var folds = _settings.Folds > 1
                ? Fold.CrossValidation(new JoinedDataset([problem.Train, problem.Validation]), _settings.Folds, options.Seed)
                : [new Fold(problem.Train, problem.Validation)];
            return _problems[options.Seed] = (problem, folds);
        }
    }

    private static UserException NoPerceptron() =>
        new("A perceptron learns by its own rule and has no loss to judge it by, so it cannot be searched. Leave the family perceptron out.");
}
