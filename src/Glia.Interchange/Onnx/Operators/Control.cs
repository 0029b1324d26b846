namespace Glia.Interchange.Onnx.Operators;

/// <summary>Graphs inside a graph: a choice between two, and loops.</summary>
internal static class Control
{
    public static Operator[] All =>
    [
        new("If", 1, "1", "then_branch:g else_branch:g", c =>
            c.Execution.RunInner(c.Attributes.Get<Graph>(c.Number(0) != 0 ? "then_branch" : "else_branch") ?? throw new ArgumentException("a branch is missing."), [])),
        new("Loop", 1, "2-*", "body:g", Loop),
        new("Scan", 9, "1-*", "body:g num_scan_inputs:i scan_input_axes:I scan_input_directions:I scan_output_axes:I scan_output_directions:I", Scan),
    ];

    /// <summary>The body takes the number of the round, the condition and the carried values, and gives the condition, the carried values and what is gathered.</summary>
    private static Value[] Loop(NodeCall c)
    {
        var body = c.Attributes.Get<Graph>("body") ?? throw new ArgumentException("a body is missing.");
        var rounds = c.Has(0) ? (long)c.Number(0) : long.MaxValue;
        // Without a first condition the body's still counts, as it does in ONNX's reference and in ONNX Runtime.
        var goesOn = !c.Has(1) || c.Number(1) != 0;
        Value[] carried = [.. Enumerable.Range(2, Math.Max(0, c.Count - 2)).Select(c.Value)];
        var gathered = new List<Value>[Math.Max(0, body.Outputs.Count - 1 - carried.Length)];
        for (var i = 0; i < gathered.Length; i++)
            gathered[i] = [];
        for (var round = 0L; round < rounds && goesOn; round++)
        {
            var state = (Round: round, GoesOn: goesOn);
            var number = Value.Of(Glia.Replay.Recorder.Fixed(state, static s => Tensor.From<long>([s.Round], Shape.Scalar))) with { IsKnown = true };
            var condition = Value.Of(Glia.Replay.Recorder.Fixed(state, static s => Tensor.From<bool>([s.GoesOn], Shape.Scalar))) with { IsKnown = true };
            var outputs = c.Execution.RunInner(body, [number, condition, .. carried]);
            goesOn = NodeCall.Read(outputs[0], static t => t.GetFlat(0) != 0);
            carried = outputs[1..(1 + carried.Length)];
            for (var i = 0; i < gathered.Length; i++)
                gathered[i].Add(outputs[1 + carried.Length + i]);
        }
        return [.. carried, .. gathered.Select((values, i) => Gathered(values, 0, body, 1 + carried.Length + i))];
    }

    /// <summary>The body takes the carried values and a slice of each sequence, and gives the carried values and a slice of each result.</summary>
    private static Value[] Scan(NodeCall c)
    {
        var body = c.Attributes.Get<Graph>("body") ?? throw new ArgumentException("a body is missing.");
        var scanned = c.Int("num_scan_inputs", 1);
        var states = c.Count - scanned;
        if (scanned < 1 || states < 0 || body.Outputs.Count < states)
            throw new ArgumentException($"num_scan_inputs = {scanned} does not fit {c.Count} inputs.");
        Value[] carried = [.. Enumerable.Range(0, states).Select(c.Value)];
        Value[] sequences = [.. Enumerable.Range(states, scanned).Select(c.Value)];
        var axes = c.Ints("scan_input_axes") ?? new int[scanned];
        var isBackward = c.Ints("scan_input_directions") ?? new int[scanned];
        var results = body.Outputs.Count - states;
        var outputAxes = c.Ints("scan_output_axes") ?? new int[results];
        var outputIsBackward = c.Ints("scan_output_directions") ?? new int[results];
        if (axes.Length != scanned || isBackward.Length != scanned || outputAxes.Length != results || outputIsBackward.Length != results)
            throw new ArgumentException("axes and directions for every sequence were expected.");
        var steps = sequences[0].Shape[axes[0]];
        if (sequences.Where((s, i) => s.Shape[axes[i]] != steps).Any())
            throw new ArgumentException("sequences of one length were expected.");
        var gathered = Enumerable.Range(0, results).Select(_ => new List<Value>()).ToArray();
        for (var step = 0; step < steps; step++)
        {
            Value[] slices = [.. sequences.Select((s, i) => s with { Tensor = Step(s.Tensor, axes[i], isBackward[i] != 0 ? steps - 1 - step : step) })];
            var outputs = c.Execution.RunInner(body, [.. carried, .. slices]);
            carried = outputs[..states];
            for (var i = 0; i < results; i++)
                gathered[i].Add(outputs[states + i]);
        }
        for (var i = 0; i < results; i++)
        {
            if (outputIsBackward[i] != 0)
                gathered[i].Reverse();
        }
        return [.. carried, .. gathered.Select((values, i) => Gathered(values, outputAxes[i], body, states + i))];
    }

    private static Tensor Step(Tensor x, int axis, int step)
    {
        var slice = x.Slice(axis, step, 1);
        return slice.Reshape(slice.Shape.Without(axis));
    }

    private static Value Gathered(List<Value> values, int axis, Graph body, int output)
    {
        if (values.Count > 0)
            return new(Tensor.Stack(axis, [.. values.Select(v => v.Tensor)]), values[0].Type);
        // No round: the sizes are those that the body declares.
        var info = body.OutputInfos.ElementAtOrDefault(output);
        var type = info?.Type is { } known && known.IsSupported() ? known : OnnxElementType.Float;
        List<int> sizes = [.. (info?.Sizes ?? []).Select(s => (int)(s.Size ?? 0))];
        sizes.Insert(axis < 0 ? axis + sizes.Count + 1 : axis, 0);
        return new(Tensor.Zeros(new Shape([.. sizes]), type.Storage()), type);
    }
}
