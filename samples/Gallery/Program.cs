// Draws the pictures of docs/plots.md, of several course pages and of the README, from models that it trains itself: Gallery docs/images
// With --list it only says which files it would write.
using Glia.Plots;

(string File, Func<Chart> Draw)[] pictures =
[
    ("spirals-boundary.svg", TablePictures.Spirals), ("iris-boundary.svg", TablePictures.Iris), ("tumours-roc.svg", () => TablePictures.Tumours.Roc), ("tumours-calibration.svg", () => TablePictures.Tumours.Calibration),
    ("diabetes-residuals.svg", TablePictures.Residuals), ("learning-curves.svg", TrainingPictures.Overfitting), ("rate-regimes.svg", TrainingPictures.Regimes),
    ("weight-histograms.png", () => TrainingPictures.Histograms.Weights), ("gradient-histograms.png", () => TrainingPictures.Histograms.Gradients), ("digits-confusion.svg", ImagePictures.Confusion),
    ("digits-filters.svg", ImagePictures.Filters), ("digits-feature-maps.svg", ImagePictures.FeatureMaps), ("digits-patches.svg", ImagePictures.Patches),
    ("digits-saliency.svg", ImagePictures.SaliencyMaps), ("digits-grad-cam.svg", ImagePictures.GradCamMaps),
    ("lstm-gates.svg", SequencePictures.Gates), ("lstm-eigenvalues.svg", SequencePictures.Eigenvalues), ("co2-forecast.svg", SequencePictures.Forecast),
];
if (args is ["--list"])
{
    foreach (var (file, _) in pictures)
        Console.WriteLine(file);
    return;
}
var folder = args is [var given] ? given : ".";
Directory.CreateDirectory(folder);
foreach (var (file, draw) in pictures)
{
    var path = Path.Combine(folder, file);
    if (Path.GetExtension(path) == ".png")
        draw().SavePng(path);
    else
        draw().SaveSvg(path);
    Console.WriteLine($"{path}: {new FileInfo(path).Length / 1024.0:F0} KiB");
}
