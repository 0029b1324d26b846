using Glia.Training;

namespace Glia.Conformance.Operations;

internal static class Schedules
{
    public static OperationTable Table { get; } = new()
    {
        { "cosine_annealing", c => Rates(c, new CosineSchedule(Base(c), c.Options.Integer("T_max"), c.Options.Number("eta_min"))) },
        { "cosine_warm_restarts", c => Rates(c, new CosineRestartsSchedule(Base(c), c.Options.Integer("T_0"), c.Options.Integer("T_mult"), c.Options.Number("eta_min"))) },
        { "exponential", c => Rates(c, new ExponentialSchedule(Base(c), c.Options.Number("gamma"))) },
        { "inverse_sqrt", InverseSqrt },
        { "linear_warmup", c => Rates(c, new LinearWarmupSchedule(Base(c), c.Options.Integer("total_iters"), c.Options.Number("start_factor"), c.Options.Number("end_factor"))) },
        { "multistep", c => Rates(c, new MultiStepSchedule(Base(c), c.Options.Integers("milestones").Select(m => (long)m), c.Options.Number("gamma"))) },
        { "onecycle", OneCycle },
        { "polynomial", c => Rates(c, new PolynomialSchedule(Base(c), c.Options.Integer("total_iters"), c.Options.Number("power"))) },
        { "reduce_on_plateau", ReduceOnPlateau },
        { "step", c => Rates(c, new StepSchedule(Base(c), c.Options.Integer("step_size"), c.Options.Number("gamma"))) },
    };

    private static Results InverseSqrt(ConformanceCase c)
    {
        var formula = c.Options.Text("formula");
        UnsupportedException.ThrowIf(formula != "base_lr * d_model^-0.5 * min((t+1)^-0.5, (t+1)*warmup^-1.5)", $"schedule '{formula}'");
        return Rates(c, new InverseSqrtSchedule(Base(c), c.Options.Integer("warmup"), c.Options.Integer("d_model")));
    }

    private static Results OneCycle(ConformanceCase c)
    {
        // The optimiser's own rate is overwritten by the first of the cycle.
        c.Options.FollowFromShapes("base_lr");
        var annealing = c.Options.Text("anneal_strategy") switch
        {
            "cos" => Annealing.Cosine,
            "linear" => Annealing.Linear,
            var other => throw new UnsupportedException($"unsupported: annealing '{other}'"),
        };
        return Rates(c, new OneCycleSchedule(
            c.Options.Number("max_lr"), c.Options.Integer("total_steps"), c.Options.Number("pct_start"), c.Options.Number("div_factor"),
            c.Options.Number("final_div_factor"), annealing, c.Options.Flag("three_phase")));
    }

    private static Results ReduceOnPlateau(ConformanceCase c)
    {
        var plateau = new ReduceOnPlateau(new()
        {
            Mode = c.Options.Text("mode") == "min" ? MonitorMode.Lower : MonitorMode.Higher,
            Factor = c.Options.Number("factor"),
            Patience = c.Options.Integer("patience"),
            Threshold = c.Options.Number("threshold"),
            IsThresholdRelative = c.Options.Text("threshold_mode") == "rel",
            Cooldown = c.Options.Integer("cooldown"),
            MinimumRate = c.Options.Number("min_lr"),
            Epsilon = c.Options.Number("eps"),
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
        var rates = new double[c.Options.Integer("steps")];
        for (var step = 0; step < rates.Length; step++)
            rates[step] = schedule.Rate(step);
        return new Results { ["out.lr"] = Tensor.From(rates).To(c.DType) };
    }
}
