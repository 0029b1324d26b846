namespace Glia.Docs.Tests.Coverage;

/// <content>Convolutional and recurrent networks, the program, and corrections.</content>
internal static partial class CoverageTable
{
    private static CoverageRow[] Convolution() =>
    [
        new("C1", "convolution as taught, in one to three dimensions")
        {
            Api = ["Tensor.Conv1D", "Tensor.Conv2D", "Tensor.Conv3D", "Tensor.ConvTranspose2D", "DepthwiseConv2D", "SeparableConv2D", "Padding.Same"],
            Tests = ["ConvolutionTests", "OperationTests"], Pages = ["convolution.md"],
        },
        new("C2", "fixed kernels applied to images from files") { Api = ["ImageFilter", "ImageKernel"], Tests = ["ImageFilterTests", "ImageKernelTests"], Pages = ["course/10-convolution.md"] },
        new("C3", "convolutional layer and its parameters") { Api = ["Conv2D"], Tests = ["LayerHarness", "NetworkSummaryTests"], Pages = ["convolution.md", "course/12-convolutional-networks.md"] },
        new("C4", "pooling, global and adaptive") { Api = ["MaxPool2D", "AvgPool2D", "GlobalAvgPool2D", "AdaptiveMaxPool2D"], Tests = ["PoolingTests", "LayerHarness"], Pages = ["convolution.md", "operations.md", "course/11-pooling-and-shapes.md"] },
        new("C5", "shapes stated and checked before anything runs") { Api = ["Layer.OutputShape", "ShapeException"], Tests = ["LayerHarness.OutputShape_IsTheShapeOfForward", "NetworkTests"], Pages = ["convolution.md", "course/corrections.md"] },
        new("C6", "feature extraction, flattening, dense layers, end to end") { Api = ["Flatten", "LeNet5"], Tests = ["SampleTests", "ReadyNetworkTests"], Pages = ["convolution.md"] },
        new("C7", "parameters of dense layers against convolution") { Api = ["NetworkSummary.SharedWeights", "LayerSummary.DenseParameterCount", "glia summary"], Tests = ["NetworkSummaryTests", "EvaluateCommandTests"], Pages = ["convolution.md", "course/12-convolutional-networks.md"] },
        new("C8", "filters, feature maps, saliency, Grad-CAM")
        {
            Api = ["SequentialNetwork.ForwardAll", "Saliency.Of", "Saliency.Smooth", "GradCam.Of", "ActivatingPatches.Find", "ReceptiveField.Of", "Chart.Images", "glia plot"],
            Tests = ["SaliencyTests", "GradCamTests", "ActivatingPatchesTests", "ReceptiveFieldTests", "AllChartsTests", "PlotCommandTests"], Pages = ["plots.md", "cli.md", "course/12-convolutional-networks.md"],
        },
        new("C9", "weight sharing, locality, equivariance") { Api = ["Conv2D", "MaxPool2D"], Tests = ["ConvolutionPropertyTests"], Pages = ["convolution.md"] },
        new("C10", "ready networks") { Api = ["LeNet5", "Vgg11", "ResNet", "MobileNet"], Tests = ["ReadyNetworkTests"], Pages = ["convolution.md"] },
    ];

    private static CoverageRow[] Recurrence() =>
    [
        new("R1", "simple RNN with an optional output projection") { Api = ["SimpleRnn"], Tests = ["RecurrentLayerTests", "LayerHarness"], Pages = ["recurrent.md", "course/15-recurrent-networks.md"] },
        new("R2", "shared weights, several layers, both directions") { Api = ["Bidirectional", "RecurrentLayer"], Tests = ["RecurrentLayerTests", "LayerHarness"], Pages = ["recurrent.md", "course/15-recurrent-networks.md"] },
        new("R3", "whole sequence or last output, final state") { Api = ["RecurrentOptions", "RecurrentOutput", "RecurrentState"], Tests = ["RecurrentLayerTests"], Pages = ["recurrent.md"] },
        new("R4", "sequences of different lengths") { Api = ["ForwardContext.WithLengths", "Network.Sequence", "TensorDataset"], Tests = ["RecurrentLayerTests", "FreeTimeTests"], Pages = ["recurrent.md", "sequences.md"] },
        new("R5", "state kept across batches") { Api = ["ResetStates", "RecurrentState"], Tests = ["ResetStatesTests", "RecurrentLayerTests"], Pages = ["recurrent.md"] },
        new("R6", "sequence to sequence, beam search, attention")
        {
            Api = ["EncoderDecoder", "BeamSearch", "SequencePairs", "MultiHeadAttention"], Tests = ["EncoderDecoderTests", "BeamSearchTests", "SequencePairsTests", "SampleTests"],
            Pages = ["course/18-sequence-to-sequence.md", "course/19-attention.md", "attention.md"],
        },
        new("R7", "eigenvalues and gradient norms over time") { Api = ["RecurrentAnalysis.Eigenvalues", "RecurrentAnalysis.SpectralRadius", "RecurrentAnalysis.PowerNorms", "RecurrentAnalysis.GradientNorms", "RecurrentAnalysis.GradientNormsByLayer", "Chart.Function"], Tests = ["RecurrentAnalysisTests", "FunctionChartTests"], Pages = ["recurrent.md", "course/17-depth-in-time.md"] },
        new("R8", "clipping by element and by norm")
        {
            Api = ["GradientClipping.ByNorm", "GradientClipping.ByValue", "GradientNormMonitor"], Tests = ["GradientClippingTests", "GradientControlTests"], Pages = ["training.md", "course/17-depth-in-time.md"],
        },
        new("R9", "LSTM with everything readable") { Api = ["Lstm", "RecurrentGate"], Tests = ["RecurrentLayerTests", "TraceTests"], Pages = ["recurrent.md", "course/16-lstm-and-gru.md"] },
        new("R10", "GRU, peepholes, layer-normalised LSTM") { Api = ["Gru", "Lstm"], Tests = ["RecurrentLayerTests"], Pages = ["recurrent.md"] },
        new("R11", "truncated back-propagation through time")
        {
            Api = ["Trainer.Shuffle", "Dataset.Lanes", "ResetStates", "RecurrentState.Detach"], Tests = ["TruncatedBackPropagationTests", "RecurrentLayerTests"], Pages = ["recurrent.md", "course/17-depth-in-time.md"],
        },
        new("R12", "long-term dependencies measured")
        {
            Api = ["SequenceTasks.Adding", "SequenceTasks.Copy", "SequenceTasks.TemporalOrder"], Tests = ["SequenceTasksTests", "SolvedProblemTests.Adding_Lstm_RemembersOver30Steps"], Pages = ["results.md", "course/17-depth-in-time.md"],
        },
        new("R13", "character language model, forecasting")
        {
            Api = ["TextGenerator", "Sampler", "TextDataset", "Vocabulary", "SeriesEncoder", "SeriesDataset", "Backtest", "glia generate"],
            Tests = ["TextGeneratorTests", "TextModelTests", "ForecastTests"], Pages = ["sequences.md", "cli.md", "course/20-language-models-and-forecasting.md"],
        },
    ];

    private static CoverageRow[] Combinations() =>
    [
        new("K", "ConvLSTM, TimeDistributed, video classification")
        {
            Api = ["ConvLstm1D", "ConvLstm2D", "TimeDistributed", "Network.TimeDistributed", "MovingDigits", "glia train"], Tests = ["ConvLstmTests", "TimeDistributedTests", "MovingDigitsTests", "SampleTests"],
            Pages = ["course/21-combinations.md", "attention.md"],
        },
    ];

    private static CoverageRow[] Beyond() =>
    [
        new("L", "what is expected of any framework")
        {
            Api = ["Dropout", "SpatialDropout", "BatchNorm", "LayerNorm", "GroupNorm", "InstanceNorm", "Embedding", "Residual", "Branches", "UpSample2D", "ZeroPad2D", "Crop2D", "RecurrentOptions.RecurrentDropout", "MultiHeadAttention", "TransformerEncoder", "TransformerDecoder", "PositionalEncoding"],
            Tests = ["LayerHarness", "LayerDerivativeTests", "LayerTests", "NormalizationTests", "MultiHeadAttentionTests", "TransformerTests"], Pages = ["convolution.md", "attention.md", "operations.md", "course/13-normalisation-and-residuals.md"],
        },
    ];

    private static CoverageRow[] Use() =>
    [
        new("U1", "training from data of any kind by one command")
        {
            Api = ["glia train"], Tests = ["TrainCommandTests", "CsvFileTests", "ImageDataTests", "TextModelTests", "ForecastTests", "ColumnarFileTests"], Pages = ["cli.md", "data.md"],
        },
        new("U2", "the other commands")
        {
            Api = ["glia predict", "glia evaluate", "glia generate", "glia summary", "glia datasets", "glia tune", "glia doctor", "glia runs", "glia plot", "glia export", "glia import", "glia inspect"], Tests = ["ExportCommandTests", "ImportCommandTests", "TrainFromTests", "PredictCommandTests", "EvaluateCommandTests", "DoctorCommandTests", "RunsCommandTests", "PlotCommandTests", "HelpTests", "BadInputTests"], Pages = ["cli.md"],
            Open = "lab, serve",
        },
        new("U3", "one model file, safetensors")
        {
            Api = ["ModelFile", "SafetensorsFile", "WeightFile", "PyTorchFile", "NumpyFile", "ModuleWeights", "glia import"],
            Tests = ["ModelFileTests", "SafetensorsFileTests", "ModelFileDamageTests", "PyTorchExchangeTests", "RoundTripTests", "ImportCommandTests"],
            Pages = ["getting-started.md", "weights.md"],
        },
        new("U4", "run history, TensorBoard")
        {
            Api = ["RunStore", "RunRecorder", "RunWriter", "RunExport", "RunQuery", "DataFingerprint", "TensorBoardWriter", "glia runs"],
            Tests = ["RunStoreTests", "RunWriterTests", "RunRecorderTests", "RunQueryTests", "RunExportTests", "StoreDamageTests", "TensorBoardWriterTests", "RunsCommandTests", "TrainRecordTests"],
            Pages = ["runs.md", "cli.md"],
        },
        new("U5", "plots in files and in the terminal, report")
        {
            Api = ["Chart.LearningCurves", "Chart.ConfusionMatrix", "Chart.PredictionScatter", "Chart.ToText", "TerminalChart", "HtmlPage", "glia plot", "glia report"],
            Tests = ["ChartTests", "AllChartsTests", "TerminalChartTests", "PlotCommandTests", "HtmlPageTests", "ReportCommandTests"],
            Pages = ["plots.md", "report.md", "cli.md"],
        },
    ];

    private static CoverageRow[] Corrections() =>
    [
        new("perceptron sign", "w + α(y − ŷ)x") { Api = ["Perceptron.Fit"], Tests = ["PerceptronTests"], Pages = ["course/corrections.md"] },
        new("tanh", "(e²ˣ − 1)/(e²ˣ + 1) without overflow") { Api = ["Tensor.Tanh"], Tests = ["VectorTests"], Pages = ["course/corrections.md"] },
        new("convolution size", "⌊(x − f + 2p)/s⌋ + 1") { Api = ["Conv2D"], Tests = ["ConvolutionTests", "LayerHarness.OutputShape_IsTheShapeOfForward"], Pages = ["course/corrections.md"] },
        new("swish range", "about [−0.278, ∞)") { Api = ["Tensor.Swish"], Tests = ["SwishTests"], Pages = ["course/corrections.md"] },
        new("zero weights", "the last bias still learns") { Api = ["Initializer.Zeros"], Tests = ["ExampleTests"], Pages = ["course/corrections.md"] },
        new("forward mode", "not the same as a graph recorded first") { Api = ["Gradients.JacobianVectorProduct"], Tests = ["GradientFunctionTests"], Pages = ["course/corrections.md", "course/05-automatic-differentiation.md"] },
        new("matrix powers", "W = QΛQᵀ gives Wᵗ = QΛᵗQᵀ") { Api = ["Tensor.MatMul"], Tests = ["ExampleTests"], Pages = ["course/corrections.md"] },
    ];
}
