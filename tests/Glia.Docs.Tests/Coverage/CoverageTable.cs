namespace Glia.Docs.Tests.Coverage;

/// <summary>
/// The rows of the functional specification and what there is for each. Whoever builds a row fills it in here and has docs/coverage.md written
/// anew, see CONTRIBUTING.md; a test holds every name to exist, and the page to be what this table gives.
/// </summary>
internal static partial class CoverageTable
{
    public static IReadOnlyList<(string Title, CoverageRow[] Rows)> Sections { get; } =
    [
        ("Perceptron", Perceptron()),
        ("Multi-layer perceptron", MultiLayerPerceptron()),
        ("Training", Training()),
        ("Automatic differentiation", AutomaticDifferentiation()),
        ("Activation functions", Activations()),
        ("Trouble in training", Trouble()),
        ("Convolutional networks", Convolution()),
        ("Recurrent networks", Recurrence()),
        ("Combinations", Combinations()),
        ("Beyond the course", Beyond()),
        ("Use", Use()),
        ("Corrections to common course slides", Corrections()),
    ];

    private static CoverageRow[] Perceptron() =>
    [
        new("P1", "linear binary classifier with sign or step")
        {
            Api = ["Perceptron", "Perceptron.Predict"], Tests = ["PerceptronTests"], Pages = ["course/01-perceptron.md"],
        },
        new("P2", "perceptron rule, stopping at a pass without a mistake")
        {
            Api = ["Perceptron.Fit", "PerceptronReport"], Tests = ["PerceptronTests"], Pages = ["course/01-perceptron.md", "course/corrections.md"],
        },
        new("P3", "convergence on separable data, and a plain word where there is none")
        {
            Api = ["PerceptronReport"], Tests = ["PerceptronTests"], Pages = ["course/01-perceptron.md"],
        },
        new("P4", "separating line, distances, plot") { Api = ["Perceptron.SignedDistance", "Perceptron.Weights", "Chart.DecisionLine"], Tests = ["PerceptronTests", "DecisionLineChartTests"], Pages = ["course/01-perceptron.md"] },
    ];

    private static CoverageRow[] MultiLayerPerceptron() =>
    [
        new("M1", "dense layer over the last axis") { Api = ["Dense"], Tests = ["LayerHarness", "LayerTests"], Pages = ["getting-started.md"] },
        new("M2", "parameter counts and a summary") { Api = ["Module.Parameters", "glia summary"], Tests = ["NetworkTests"], Pages = ["getting-started.md", "cli.md"] },
        new("M3", "any stack of layers, activations read out by name")
        {
            Api = ["Network", "SequentialNetwork.ForwardAll"], Tests = ["NetworkTests"], Pages = ["getting-started.md", "autodiff.md"],
        },
        new("M4", "classification heads, stable from logits")
        {
            Api = ["CrossEntropyLoss", "BinaryCrossEntropyLoss"], Tests = ["ClassificationLossTests"], Pages = ["training.md"],
        },
        new("M5", "regression heads and targets in the user's units")
        {
            Api = ["MeanSquaredErrorLoss", "Softplus", "TargetEncoder"], Tests = ["RegressionLossTests", "TargetEncoderTests"], Pages = ["training.md", "data.md"],
        },
        new("M6", "XOR, spirals and real tables solved") { Api = ["BuiltInDatasets"], Tests = ["TrainCommandTests", "SampleTests"], Pages = ["cli.md", "data.md"] },
    ];

    private static CoverageRow[] Training() =>
    [
        new("T1", "full-batch, stochastic and mini-batch descent") { Api = ["DataLoader", "Trainer.Fit"], Tests = ["DataLoaderTests", "TrainerTests"], Pages = ["training.md"] },
        new("T2", "losses, reductions, weights")
        {
            Api = ["Loss", "Loss.From", "Loss.FromElements", "LossReduction", "ClassWeights.Balanced", "Dataset.SampleWeights"],
            Tests = ["LossLawTests", "LossTests", "ClassificationLossTests", "SampleWeightTests"], Pages = ["training.md", "operations.md", "course/04-losses.md"],
        },
        new("T3", "optimisers, groups, saved states")
        {
            Api = ["Sgd", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW", "NAdam", "Optimizer.AddGroup", "Optimizer.StateDict"],
            Tests = ["UpdateRuleTests", "OptimizerTests"], Pages = ["training.md"],
        },
        new("T4", "initialisers, and why zeros cannot train")
        {
            Api = ["Initializer", "Network.Initialize", "Parameter.Initializer", "FanMode"],
            Tests = ["InitializerTests", "InitialStatisticsTests", "NetworkTests.Initialize_FillsTheWeightsOfTheLayerBefore", "DemonstrationTests"],
            Pages = ["training.md", "course/07-initial-weights.md", "course/corrections.md"],
        },
        new("T5", "learning-rate tuner and range test")
        {
            Api = ["LearningRateTuner", "LearningRateTuning", "LearningRateRangeTest", "LearningRateRange", "glia tune rate"],
            Tests = ["LearningRateTunerTests", "LearningRateRangeTestTests", "TuneRateCommandTests"], Pages = ["learning-rate.md", "cli.md", "course/06-gradient-descent.md"],
        },
        new("T6", "learning-rate schedules")
        {
            Api = ["Schedule", "StepSchedule", "MultiStepSchedule", "ExponentialSchedule", "PolynomialSchedule", "CosineSchedule", "CosineRestartsSchedule", "OneCycleSchedule", "LinearWarmupSchedule", "ReduceOnPlateau", "Schedule.From"],
            Tests = ["ScheduleTests"], Pages = ["training.md"],
        },
        new("T7", "early stopping and a verdict on convergence") { Api = ["EarlyStopping", "History.Verdict", "ConvergenceVerdict"], Tests = ["EarlyStoppingTests", "ConvergenceVerdictTests"], Pages = ["training.md", "doctor.md"] },
        new("T8", "regularisation")
        {
            Api = ["L1Regularizer", "L2Regularizer", "MaxNorm", "Dropout", "EarlyStopping", "ImageAugmentation"],
            Tests = ["RegularizerTests", "GradientControlTests", "EarlyStoppingTests", "ImageAugmentationTests"], Pages = ["training.md", "course/08-overfitting.md", "course/14-augmentation.md"],
        },
        new("T9", "hyper-parameter search")
        {
            Api = ["Search", "SearchSpace", "GridSearch", "RandomSearch", "SuccessiveHalving", "Fold.CrossValidation", "SearchResult.Importance", "Chart.ParallelCoordinates", "glia tune"],
            Tests = ["SearchTests", "SearchSpaceTests", "FoldTests", "ParameterImportanceTests", "TuneSearchCommandTests", "ParallelCoordinatesChartTests"], Pages = ["search.md", "cli.md"],
        },
        new("T10", "metrics")
        {
            Api = ["Accuracy", "TopKAccuracy", "Precision", "Recall", "F1Score", "RocAuc", "ConfusionMatrix", "RSquared", "Perplexity", "Metric"],
            Tests = ["ClassificationMetricTests", "MetricTests"], Pages = ["training.md", "course/09-metrics.md"],
        },
        new("T11", "callbacks, checkpoints among them")
        {
            Api = ["Callback", "Callback.OnGradients", "Callback.OnValidationStart", "TrainingState", "ModelCheckpoint", "Checkpoint", "Callback.SaveState", "glia train"],
            Tests = ["CallbackTests", "TrainerTests", "ModelCheckpointTests", "CheckpointTests", "ResumeTests"], Pages = ["training.md", "checkpoints.md", "reliability.md"],
        },
        new("T12", "the same bits from the same seed") { Api = ["Rng"], Tests = ["RngTests", "LayerHarness.SameSeed_OneOrTwoThreads_SameBits", "TrainerTests"], Pages = ["architecture.md"] },
    ];

    private static CoverageRow[] AutomaticDifferentiation() =>
    [
        new("A1", "reverse mode on dynamic graphs")
        {
            Api = ["Tensor.Backward", "Tensor.RetainGrad", "Tensor.Detach", "Gradients.Of", "Gradients.NoGrad"], Tests = ["AutogradTests", "OperationTests", "LayerHarness"],
            Pages = ["autodiff.md", "course/05-automatic-differentiation.md"],
        },
        new("A2", "forward mode over the same operations")
        {
            Api = ["Gradients.JacobianVectorProduct"], Tests = ["OperationTests.ForwardMode_EqualsTransposeOfReverseMode", "LayerDerivativeTests", "LossLawTests"],
            Pages = ["autodiff.md", "course/05-automatic-differentiation.md"],
        },
        new("A3", "Jacobians, Hessians, gradients of gradients")
        {
            Api = ["Gradients.Jacobian", "Gradients.Hessian", "Gradients.HessianVectorProduct"], Tests = ["GradientFunctionTests", "LayerDerivativeTests.GradientOfTheGradient_EqualsFiniteDifferences"],
            Pages = ["autodiff.md", "course/05-automatic-differentiation.md"],
        },
        new("A4", "gradient check of functions and layers") { Api = ["GradientCheck.Run", "GradientCheckResult"], Tests = ["GradientFunctionTests"], Pages = ["autodiff.md", "course/05-automatic-differentiation.md"] },
        new("A5", "operations of a user's own") { Api = ["DifferentiableFunction"], Tests = ["GradientFunctionTests", "OperationTests"], Pages = ["autodiff.md", "adding-an-operation.md"] },
        new("A6", "the graph and local gradients made visible")
        {
            Api = ["ComputationGraph.ToText", "ComputationGraph.ToMermaid", "ComputationGraph.ToDot", "SequentialNetwork.ForwardAll"], Tests = ["GradientFunctionTests"],
            Pages = ["autodiff.md", "course/05-automatic-differentiation.md"],
        },
    ];

    private static CoverageRow[] Activations() =>
    [
        new("F", "activation functions, each as function and layer")
        {
            Api = ["Activation", "ReLU", "LeakyReLU", "PReLU", "Sigmoid", "Tanh", "Softplus", "Softmax", "Swish", "GELU", "ELU", "SELU", "Mish", "HardSigmoid", "HardSwish", "HardTanh", "Softsign", "LogSoftmax", "ReLU6", "GLU", "Chart.Activation"],
            Tests = ["OperationTests", "LayerHarness", "SwishTests", "FunctionChartTests"], Pages = ["operations.md", "course/03-activations.md", "course/corrections.md"],
        },
    ];

    private static CoverageRow[] Trouble() =>
    [
        new("I1", "vanishing gradients, saturated and dead units") { Api = ["TrainingDoctor"], Tests = ["TrainingDoctorTests"], Pages = ["doctor.md"] },
        new("I2", "exploding gradients, NaN and infinity found where they appear")
        {
            Api = ["TrainingDivergedException", "NonFiniteOrigin", "GradientNormMonitor"], Tests = ["TrainerTests", "GradientControlTests", "DoctorCommandTests"], Pages = ["doctor.md", "training.md"],
        },
        new("I3", "loss landscape and plateaus")
        {
            Api = ["LossLandscape.Slice", "LossLandscape.Surface", "LossSlice.IsPlateau", "LossSurface.IsPlateau", "Chart.Surface"],
            Tests = ["LossLandscapeTests", "SurfaceChartTests"], Pages = ["course/06-gradient-descent.md"],
        },
        new("I4", "overfitting and underfitting from the curves") { Api = ["TrainingDoctor", "History.Verdict"], Tests = ["TrainingDoctorTests"], Pages = ["doctor.md"] },
        new("I5", "the cause of a constant loss") { Api = ["TrainingDoctor"], Tests = ["TrainingDoctorTests"], Pages = ["doctor.md"] },
        new("I6", "checks of data and model before training") { Api = ["TrainingDoctor.Examine", "TableCheckup", "glia doctor"], Tests = ["TrainingDoctorTests", "DoctorCommandTests"], Pages = ["doctor.md", "cli.md"] },
    ];
}
