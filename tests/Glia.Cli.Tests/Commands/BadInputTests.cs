namespace Glia.Cli.Tests.Commands;

public sealed class BadInputTests(BadInputFiles bad) : IClassFixture<BadInputFiles>
{
    private const string TrainHelp = "Type 'glia train --help' for help.";
    private const string TrainOptions = "the options are: --target, --series, --horizon, --lookback, --season, --window, --family, --hidden, --optimizer, --batch-size, --augment, --seed, --from, --learning-rate, --epochs, --steps, --schedule, --momentum, --weight-decay, --clip-norm and 12 more.";
    private const string NoMeaning = "means nothing for a perceptron, which has one neuron and learns sample by sample with its own rule. Leave it out, or use --family mlp.";
    private const string BuiltIn = "Built-in sets: iris, wine, breast-cancer, digits, diabetes, two-clusters, xor, spirals, two-moons, sunspots, co2, adding, copy, temporal-order, moving-digits.";
    private const string Commands = "the commands are: train, tune, doctor, predict, evaluate, runs, generate, summary, inspect, import, export, filter, plot, report, datasets. Type 'glia --help' for help.";

    /// <summary>Arguments and the one line that they cause; ~ is the folder of the files.</summary>
    public static TheoryData<string, string> Cases => new()
    {
        { "train ~/missing.csv --target y", $"'~/missing.csv' is neither a file or folder nor a built-in data set. {BuiltIn}" },
        { "train irsi", $"'irsi' is neither a file or folder nor a built-in data set. Did you mean 'iris'? {BuiltIn}" },
        { "train ~/empty", "~/empty: there are no images here; expected a sub-folder of images for each class, or IDX files such as train-images-idx3-ubyte.gz." },
        { "train ~/one-folder", "~/one-folder: expected a sub-folder of images for each class, at least two, found 1 sub-folder." },
        { "train ~/damaged-folder", "~/damaged-folder/a/x.png: this is not a PNG, JPEG or BMP image." },
        { "train ~/idx", "~/idx/train-images-idx3-ubyte: the file is truncated: its header announces 576 bytes of data, but there are 3." },
        { "train ~/half-idx", "~/half-idx: the file train-labels-idx1-ubyte (or train-labels-idx1-ubyte.gz) is missing; images and labels come in pairs of files." },
        { "train ~/damaged.png", "~/damaged.png: this is one image. Training needs a folder with one sub-folder of images per class." },
        { "train ~/ok.csv", "~/ok.csv: which column is to be predicted? Name it with --target. Columns: a, b, y." },
        { "train ~/ok.csv --target z", "~/ok.csv: there is no column 'z'; the columns are: a, b, y." },
        { "train ~/ok.csv --target Y", "~/ok.csv: there is no column 'Y' (did you mean 'y'?); the columns are: a, b, y." },
        { "train ~/idx --target y", "~/idx: --target names a column of a table, but this is a folder of images, whose classes are its sub-folders or labels. Leave it out." },
        { "train ~/empty.csv --target y", "~/empty.csv: the file is empty; expected a header row with the column names and then the data rows." },
        { "train ~/header.csv --target y", "~/header.csv: there are no data rows after the header row." },
        { "train ~/no-header.csv --target y", "~/no-header.csv, line 1: expected a header row with the column names, found what looks like data ('1', ...); add a header row." },
        { "train ~/same-names.csv --target y", "~/same-names.csv, line 1: columns 1 and 2 are both named 'a'; names must differ." },
        { "train ~/only-target.csv --target y", "~/only-target.csv: no column is left to predict 'y' from." },
        { "train ~/ragged.csv --target y", "~/ragged.csv, line 10: expected 3 fields as in the header, found 2." },
        { "train ~/unquoted.csv --target y", "~/unquoted.csv, line 10: the row is malformed: Malformed CSV in record 10 (line 10): a quoted field that is never closed (byte offset 563)." },
        { "train ~/text.csv --target y", "~/text.csv, line 32: column 'b' holds numbers, but line 32 has 'oops'; correct it or leave it empty." },
        { "train ~/infinite.csv --target y", "~/infinite.csv, line 7: column 'a' has an infinite value, or one too large for a number; correct it or leave it empty." },
        { "train ~/huge.csv --target y", "~/huge.csv: column 'a' has values too large to standardise; divide them by a suitable unit." },
        { "train ~/no-target.csv --target y", "~/no-target.csv, line 8: the target column 'y' has no value; every row needs one, so fill it in or remove the row." },
        { "train ~/one-class.csv --target y", "~/one-class.csv: the target column 'y' has the same value ('7') in every row, so there is nothing to learn; choose another target column or add rows with other values." },
        { "train ~/constant.csv --target y", "~/constant.csv: the target column 'y' has the same value ('0.25') in every row, so there is nothing to learn; choose another target column or add rows with other values." },
        { "train ~/lonely.csv --target y", "~/lonely.csv: class 'green' of the target column 'y' has a single row (line 42), but at least 2 are needed, one to train and one to validate; remove the row or merge the class with another." },
        { "train ~/many-classes.csv --target y", "~/many-classes.csv: the target column 'y' has 40 different values in 40 rows, too many to be classes; choose another target column." },
        { "train ~/few.csv --target y", "~/few.csv: the table has 5 rows, but training, validation and test need at least 10 together." },
        { "train ~/binary.csv --target y", "~/binary.csv: this is not a text file; expected a table as CSV text." },
        { "train ~/latin1.csv --target y", "~/latin1.csv, line 2: field 1 is not UTF-8 text; save the file in the encoding UTF-8." },
        { "train iris --out ~/full", "The folder '~/full' cannot hold the run: it is not empty. Choose another with --out." },
        { "train iris --out ~/ok.csv", "The folder '~/ok.csv' cannot hold the run: it is a file. Choose another with --out." },
        { "train iris --out ~/ok.csv/run", "Cannot create the folder '~/ok.csv/run': '~/ok.csv' is a file, not a folder. Choose another with --out." },
        { "train iris --out /proc/run", "Cannot create the folder '/proc/run': the system refuses it. Choose another with --out." },
        { "train iris --epochs 0", $"--epochs must be a whole number of at least 1 but is '0'. {TrainHelp}" },
        { "train iris --epochs many", $"--epochs must be a whole number of at least 1 but is 'many'. {TrainHelp}" },
        { "train iris --batch-size -1", $"--batch-size must be a whole number of at least 1 but is '-1'. {TrainHelp}" },
        { "train iris --learning-rate nan", $"--learning-rate must be a number above 0 but is 'nan'. {TrainHelp}" },
        { "train iris --learning-rate inf", $"--learning-rate must be a number above 0 but is 'inf'. {TrainHelp}" },
        { "train iris --learning-rate 0", $"--learning-rate must be a number above 0 but is '0'. {TrainHelp}" },
        { "train iris --hidden abc", $"--hidden expects sizes from 1 to 65536 separated by commas, such as 64,32, but got 'abc'. {TrainHelp}" },
        { "train iris --hidden 64,0", $"--hidden expects sizes from 1 to 65536 separated by commas, such as 64,32, but got '0'. {TrainHelp}" },
        { "train iris --augment light", "iris: --augment changes images, but this is a table. Leave it out." },
        { "train digits --augment much", $"--augment must be none or light or flip or strong but is 'much'. {TrainHelp}" },
        { "train iris --seed -1", $"--seed must be a whole number of at least 0 but is '-1'. {TrainHelp}" },
        { "train iris --optimizer rmsprop", $"--optimizer must be adam or adamw or sgd but is 'rmsprop'. {TrainHelp}" },
        { "train iris --family tree", $"--family must be mlp or cnn or perceptron or rnn or lstm or gru or transformer or cnn-lstm but is 'tree'. {TrainHelp}" },
        { "train iris --family cnn", "iris: --family cnn does not fit a table; what fits: mlp, perceptron." },
        { "train iris --family perceptron", "iris: a perceptron tells two classes apart, but 'species' has 3. Use --family mlp." },
        { "train diabetes --family perceptron", "diabetes: a perceptron tells two classes apart, but 'progression' is a number. Use --family mlp; with --hidden 0 it is linear regression." },
        { "train xor --family perceptron --hidden 3", $"--hidden {NoMeaning}" },
        { "train xor --family perceptron --optimizer sgd", $"--optimizer {NoMeaning}" },
        { "train xor --family perceptron --batch-size 3", $"--batch-size {NoMeaning}" },
        { "train xor --family perceptron --augment light", $"--augment {NoMeaning}" },
        { "train iris --epoch 3", $"there is no option '--epoch' (did you mean '--epochs'?); {TrainOptions} {TrainHelp}" },
        { "train iris --dropout abc", $"--dropout must be a number of at least 0 and below 1 but is 'abc'. {TrainHelp}" },
        { "train iris --momentum x", $"--momentum must be a number of at least 0 and below 1 but is 'x'. {TrainHelp}" },
        { "train iris --dropout 1", $"--dropout must be a number of at least 0 and below 1 but is '1'. {TrainHelp}" },
        { "train iris --bogus", $"there is no option '--bogus'; {TrainOptions} {TrainHelp}" },
        { "train iris wine", $"'wine' is one argument too many. {TrainHelp}" },
        { "train iris --epochs", $"Required argument missing for option: '--epochs'. {TrainHelp}" },
        { "train", $"name the data to train on: a built-in set, a file or a folder; or a run to go on with by --resume. {TrainHelp}" },
        { "trian iris", $"there is no command 'trian' (did you mean 'train'?); {Commands}" },
        { "--bogus", "there is no option '--bogus'; the options are: --help, --version. Type 'glia --help' for help." },
        { "", $"no command was given; {Commands}" },
        { "train ~/empty.txt", "~/empty.txt: the file is empty." },
        { "train ~/one.txt", "~/one.txt: the text has 1 character, but training, validation and test need at least 650 with a window of 64. Use a longer text or a smaller --window." },
        { "train ~/short.txt", "~/short.txt: the text has 390 characters, but training, validation and test need at least 650 with a window of 64. Use a longer text or a smaller --window." },
        { "train ~/short.txt --window 60000", "~/short.txt: the text has 390 characters, but training, validation and test need at least 600,010 with a window of 60000. Use a longer text or a smaller --window." },
        { "train ~/same.txt", "~/same.txt: the text is the character 'a' again and again, so there is nothing to learn." },
        { "train ~/binary.txt", "~/binary.txt, line 2: this is not a text file: it holds a zero byte." },
        { "train ~/latin1.txt", "~/latin1.txt, line 1: the text is not in UTF-8. Convert it first." },
        { "train ~/short.txt --family cnn --window 8", "~/short.txt: --family cnn does not fit a text; what fits: lstm, rnn, gru, transformer." },
        { "train ~/short.txt --augment flip --window 8", "~/short.txt: --augment changes images, but this is a text. Leave it out." },
        { "train ~/short.txt --horizon 3", "~/short.txt: --horizon is for a time series, but this is a text. Leave it out." },
        { "train ~/short.txt --hidden 0 --window 8", "--hidden 0 leaves a recurrent network without a state. Give at least one size." },
        { "train ~/short.txt --family transformer --hidden 30 --window 8", "--hidden of a Transformer is the size of each layer, one and the same, which 4 divides, such as 64,64, but got 30." },
        { "train ~/short.txt --window 0", $"--window must be a whole number of at least 1 but is '0'. {TrainHelp}" },
        { "train ~/ok.csv --window 8", "~/ok.csv: --window is for a text, but this is a table. Leave it out." },
        { "train ~/ok.csv --target y --series y", "~/ok.csv: --target is for a table, but this is a time series. Leave it out." },
        { "train ~/ok.csv --horizon 3", "~/ok.csv: which column is the series? Name it with --series. Columns: a, b, y." },
        { "train ~/ok.csv --family lstm", "~/ok.csv: which column is the series? Name it with --series. Columns: a, b, y." },
        { "train ~/ok.csv --target y --family lstm", "~/ok.csv: --family lstm does not fit a table; what fits: mlp, perceptron." },
        { "train ~/five.csv --series v", "~/five.csv: the series has 5 values, but training, validation and test need about 120 with a lookback of 1 and a horizon of 12. Use smaller ones or a longer series." },
        { "train ~/still.csv --series v", "v: the series never changes, so there is nothing to forecast." },
        { "train ~/gap.csv --series v", "~/gap.csv: row 18 has no value in the column 'v'. A series has one at every step: fill it in, or leave the row out." },
        { "train ~/nan.csv --series v", "~/nan.csv: row 18 has no value in the column 'v'. A series has one at every step: fill it in, or leave the row out." },
        { "train ~/words.csv --series v", "~/words.csv: the column 'v' holds texts such as 'up', but a series is numbers." },
        { "train ~/series.csv --series w", "~/series.csv: there is no column 'w'; the columns are: t, v." },
        { "train ~/series.csv --series v --horizon 500", "~/series.csv: the series has 200 values, but training, validation and test need about 5000 with a lookback of 1 and a horizon of 500. Use smaller ones or a longer series." },
        { "train ~/series.csv --series v --horizon 2147483647", "~/series.csv: the series has 200 values, but training, validation and test need about 21474836470 with a lookback of 1 and a horizon of 2147483647. Use smaller ones or a longer series." },
        { "train ~/series.csv --series v --lookback 500", "~/series.csv: the series has 200 values, but training, validation and test need about 732 with a lookback of 500 and a horizon of 12. Use smaller ones or a longer series." },
        { "train ~/series.csv --series v --season 60", "~/series.csv: a season of 60 is longer than the lookback of 48. Use a smaller --season or a larger --lookback." },
        { "train ~/series.csv --series v --family transformer", "~/series.csv: --family transformer does not fit a time series; what fits: lstm, rnn, gru, mlp." },
        { "train co2 --family cnn", "co2: --family cnn does not fit a time series; what fits: lstm, rnn, gru, mlp." },
        { "train adding --family mlp", "adding: --family mlp does not fit sequences; what fits: lstm, rnn, gru." },
        { "train adding --target sum", "adding: --target is for a table, but these are sequences. Leave it out." },
        { "train moving-digits --family lstm", "moving-digits: --family lstm does not fit videos; what fits: cnn-lstm." },
        { "train iris --steps 0", $"--steps must be a whole number of at least 1 but is '0'. {TrainHelp}" },
        { "train xor --family perceptron --steps 3", $"--steps {NoMeaning}" },
        { "generate ~/missing", "There is no model '~/missing'. Give a run folder made by 'glia train', or a model file." },
        { "generate", "Required argument 'model' missing for command: 'generate'. Type 'glia generate --help' for help." },
        { "predict ~/missing iris", "There is no model '~/missing'. Give a run folder made by 'glia train', or a model file." },
        { "predict ~/empty iris", "The folder '~/empty' holds no model.safetensors. Give a run folder made by 'glia train', or a model file." },
        { "predict ~/ok.csv iris", "~/ok.csv: the header should be 3328171640178748513 bytes long but only 558 bytes follow its length; the file is cut short or not in the safetensors format." },
        { "summary ~/empty.csv", "~/empty.csv: it is 0 bytes long; a safetensors file has at least 8." },
        { "evaluate", "Required argument 'model' missing for command: 'evaluate'. Type 'glia evaluate --help' for help." },
        { "datasets all", "'all' is one argument too many. Type 'glia datasets --help' for help." },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void BadInput_IsExplainedInOneLineAndLeavesNothing(string commandLine, string expected)
    {
        string Expand(string text) => text.Replace("~", bad.Files.Path, StringComparison.Ordinal);
        var before = bad.Files.Snapshot();
        Cli.Run(Expand(commandLine).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Fails("glia: " + Expand(expected));
        Assert.Equal(before, bad.Files.Snapshot());
        Assert.False(Directory.Exists("runs"));
    }

    [Fact]
    public void NetworkLargerThanMemory_IsRefusedBeforeItIsMade()
    {
        var result = Cli.Run("train", "iris", "--hidden", "65536,65536,65536,65536,65536,65536,65536,65536,65536,65536,65536,65536,65536,65536,65536", "--out", bad.Files["run"]);
        Assert.StartsWith("glia: The network would have 6.01E+10 parameters, which take 1120.0 GiB to train, but there are ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(" GiB of memory. Choose fewer neurons with --hidden.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
        Assert.False(Directory.Exists(bad.Files["run"]));
    }

    [Theory]
    [InlineData("1e30")]
    [InlineData("100000")]
    public void Divergence_EndsWithItsOwnCodeAndKeepsFiniteWeights(string learningRate)
    {
        var folder = bad.Files[$"new/folders/run{learningRate}"];
        var result = Cli.Run("train", "diabetes", "--quiet", "--optimizer", "sgd", "--learning-rate", learningRate, "--out", folder);
        Assert.Matches(@"^glia: The (loss|gradient) became (NaN|infinite) in epoch \d+, step \d+, at learning rate .* first appears in .*\n$", result.Error);
        Assert.Equal("", result.Out);
        Assert.Equal(3, result.ExitCode);
        // They may be too large to predict with, but there is no NaN in them.
        Assert.All(Glia.Interchange.ModelFile.Load(Path.Combine(folder, "model.safetensors")).Network.Parameters, weight => Assert.True(float.IsFinite(weight.AsSpan<float>().ToArray().Max(Math.Abs))));
    }
}
