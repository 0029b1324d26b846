using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>
/// A model and how it learns. A new family is a value of <see cref="FamilyKind"/>, a line in <see cref="Families"/>, and a network in
/// <see cref="Architectures"/>, or where it learns otherwise a recipe of its own.
/// </summary>
internal abstract class Recipe
{
    /// <summary>The kind of model in words.</summary>
    public abstract string Family { get; }

    /// <summary>The kind of model as the command line names it.</summary>
    public abstract FamilyKind Kind { get; }

    /// <summary>What is trained, measured and saved.</summary>
    public abstract SequentialNetwork Network { get; }

    /// <summary>Where its course is recorded; null for nowhere.</summary>
    public RunHistory? History { get; set; }

    /// <summary>How it learns, on a line or two.</summary>
    public abstract string Describe();

    /// <summary>How it learns, for machines.</summary>
    public abstract JsonObject Settings(ulong seed);

    /// <summary>Trains the network, tells how it goes, and returns what was measured.</summary>
    /// <param name="problem">The data.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="terminal">Where it is told.</param>
    /// <param name="checkpoints">Where training is saved and goes on from; a recipe that takes seconds may do without.</param>
    /// <param name="cancellation">Ends training after the current step.</param>
    public abstract TrainingLog Train(Problem problem, ulong seed, Terminal terminal, RunCheckpoints checkpoints, CancellationToken cancellation);

    /// <summary>The recipe of the family that the user asked for, or of the one that suits the problem best.</summary>
    /// <exception cref="UserException">The family cannot do this problem, or an option means nothing for it.</exception>
    public static Recipe For(Problem problem, TrainOptions options)
    {
        var family = Families.Choose(options.Family, problem.Kind, options.Data);
        return family == FamilyKind.Perceptron ? PerceptronRecipe.Create(problem, options) : new NetworkRecipe(family, problem, options);
    }
}
