using Glia.Training;

namespace Glia.Conformance.Operations;

internal static class Schedules
{
    public static OperationTable Table { get; } = new()
    {
        { "cosine_annealing", c => Rates(c, new CosineSchedule(Base(c), c.Options.Integer("T_max"), c.Options.Number("eta_min", 0))) },
        { "cosine_warm_restarts", c => Rates(c, new CosineRestartsSchedule(Base(c), c.Options.Integer("T_0"), c.Options.Integer("T_mult", 1), c.Options.Number("eta_min", 0))) },
        { "exponential", c => Rates(c, new ExponentialSchedule(Base(c), c.Options.Number("gamma"))) },
        { "inverse_sqrt", InverseSqrt },
        { "linear_warmup", c => Rates(c, new LinearWarmupSchedule(Base(c), c.Options.Integer("total_iters", 5), c.Options.Number("start_factor", 1 / 3.0), c.Options.Number("end_factor", 1))) },
        { "multistep", c => Rates(c, new MultiStepSchedule(Base(c), c.Options.Integers("milestones").Select(m => (long)m), c.Options.Number("gamma", 0.1))) },
        { "onecycle", OneCycle },
        { "polynomial", c => Rates(c, new PolynomialSchedule(Base(c), c.Options.Integer("total_iters", 5), c.Options.Number("power", 1))) },
        { "reduce_on_plateau", ReduceOnPlateau },
        { "step", c => Rates(c, new StepSchedule(Base(c), c.Options.Integer("step_size"), c.Options.Number("gamma", 0.1))) },
    };

    private static Results InverseSqrt(ConformanceCase c)
    {
        const string Formula = "base_lr * d_model^-0.5 * min((t+1)^-0.5, (t+1)*warmup^-1.5)";
        UnsupportedException.ThrowIf(c.Options.Text("formula", Formula) != Formula, $"schedule '{c.Options.Text("formula", Formula)}'");
        return Rates(c, new InverseSqrtSchedule(Base(c), c.Options.Integer("warmup"), c.Options.Integer("d_model")));
    }

    private static Results OneCycle(ConformanceCase c)
    {
        // The optimiser's own rate is overwritten by the first of the cycle.
        c.Options.FollowFromShapes("base_lr", "cycle_momentum", "base_momentum", "max_momentum");
        var total = c.Options.IsMissing("total_steps") ? c.Options.Integer("epochs") * c.Options.Integer("steps_per_epoch") : c.Options.Integer("total_steps");
        var annealing = c.Options.Text("anneal_strategy", "cos") switch
        {
            "cos" => Annealing.Cosine,
            "linear" => Annealing.Linear,
            var other => throw new UnsupportedException($"unsupported: annealing '{other}'"),
        };
        return Rates(c, new OneCycleSchedule(
            c.Options.Number("max_lr"), total, c.Options.Number("pct_start", 0.3), c.Options.Number("div_factor", 25),
            c.Options.Number("final_div_factor", 1e4), annealing, c.Options.Flag("three_phase", false)));
    }

    private static Results ReduceOnPlateau(ConformanceCase c)
    {
        var plateau = new ReduceOnPlateau(new()
        {
            Mode = c.Options.Text("mode", "min") == "min" ? MonitorMode.Lower : MonitorMode.Higher,
            Factor = c.Options.Number("factor", 0.1),
            Patience = c.Options.Integer("patience", 10),
            Threshold = c.Options.Number("threshold", 1e-4),
            IsThresholdRelative = c.Options.Text("threshold_mode", "rel") == "rel",
            Cooldown = c.Options.Integer("cooldown", 0),
            MinimumRate = c.Options.Number("min_lr", 0),
            Epsilon = c.Options.Number("eps", 1e-8),
        });
        var (rate, metric) = (Base(c), c.GivenExactly("in.metric"));
        // The metric is reported after the step that used the rate.
        return Rates(c, Schedule.From(step =>
        {
            var used = rate;
            rate = plateau.Report(metric[(int)step], rate);
            return used;
        }));
    }

    private static double Base(ConformanceCase c) => c.Options.Number("base_lr");

    private static Results Rates(ConformanceCase c, Schedule schedule)
    {
        var rates = new double[c.Reference("out.lr").Count];
        c.Options.FollowFromShapes("steps", "last_epoch", "verbose");
        for (var step = 0; step < rates.Length; step++)
            rates[step] = schedule.Rate(step);
        return new Results { ["out.lr"] = Tensor.From(rates).To(c.DType) };
    }
}
