namespace Glia.Interchange.Onnx.Operators;

/// <summary>Graphs inside a graph: a choice between two, and loops.</summary>
internal static class Control
{
    public static Operator[] All =>
    [
        new("If", 1, "1", "then_branch:g else_branch:g", c =>
            c.Execution.RunInner(c.Attributes.Get<Graph>(c.Number(0) != 0 ? "then_branch" : "else_branch") ?? throw new ArgumentException("a branch is missing."), [])),
        new("Loop", 1, "2-*", "body:g", Loop),
        // The first input of version 8 may be left out.
        new("Scan", 8, "0-*", "body:g directions:I num_scan_inputs:i scan_input_axes:I scan_input_directions:I scan_output_axes:I scan_output_directions:I", c => c.Opset < 9 ? BatchScan(c) : Scan(c)),
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
        var gathered = Steps(c, body, ref carried, steps, step => sequences.Select((s, i) => s with { Tensor = Step(s.Tensor, axes[i], isBackward[i] != 0 ? steps - 1 - step : step) }));
        for (var i = 0; i < results; i++)
        {
            if (outputIsBackward[i] != 0)
                gathered[i].Reverse();
        }
        return [.. carried, .. gathered.Select((values, i) => Gathered(values, outputAxes[i], body, states + i))];
    }

    /// <summary>Version 8: for each element of a batch, along axis 1, as many steps as <c>sequence_lens</c> says; zeros follow. The sequences' axis 0, and the states', is the batch.</summary>
    private static Value[] BatchScan(NodeCall c)
    {
        var body = c.Attributes.Get<Graph>("body") ?? throw new ArgumentException("a body is missing.");
        var scanned = c.Int("num_scan_inputs", 1);
        var states = c.Count - 1 - scanned;
        if (scanned < 1 || states < 0 || body.Outputs.Count < states)
            throw new ArgumentException($"num_scan_inputs = {scanned} does not fit {c.Count} inputs.");
        Value[] initial = [.. Enumerable.Range(1, states).Select(c.Value)];
        Value[] sequences = [.. Enumerable.Range(1 + states, scanned).Select(c.Value)];
        var isBackward = c.Ints("directions") ?? new int[scanned];
        var (batch, most) = sequences[0].Shape.Rank < 2 ? (0, 0) : (sequences[0].Shape[0], sequences[0].Shape[1]);
        var lengths = c.Has(0) ? c.Ints(0) : [.. Enumerable.Repeat(most, batch)];
        if (isBackward.Length != scanned || batch < 1 || sequences.Any(s => s.Shape.Rank < 2 || s.Shape[0] != batch || s.Shape[1] != most) || initial.Any(s => s.Shape.Rank < 1 || s.Shape[0] != batch))
            throw new ArgumentException("states (batch, …), sequences (batch, steps, …) of one size, and a direction for each sequence were expected.");
        if (lengths.Length != batch || lengths.Any(l => l < 0 || l > most))
            throw new ArgumentException($"{batch} sequence_lens from 0 to {most} were expected but got [{string.Join(", ", lengths)}].");
        var outputs = new Value[batch][];
        for (var b = 0; b < batch; b++)
        {
            var length = lengths[b];
            Value[] carried = [.. initial.Select(s => s with { Tensor = Step(s.Tensor, 0, b) })];
            Value[] own = [.. sequences.Select(s => s with { Tensor = Step(s.Tensor, 0, b) })];
            var gathered = Steps(c, body, ref carried, length, step => own.Select((s, i) => s with { Tensor = Step(s.Tensor, 0, isBackward[i] != 0 ? length - 1 - step : step) }));
            outputs[b] = [.. carried, .. gathered.Select((values, i) => Gathered(values, 0, body, states + i)).Select(v => v with { Tensor = v.Tensor.Pad(0, 0, most - length) })];
        }
        return [.. outputs[0].Select((first, i) => first with { Tensor = Tensor.Stack(0, [.. outputs.Select(o => o[i].Tensor)]) })];
    }

    /// <summary>Runs a body step by step; what it gives besides the carried values is gathered.</summary>
    private static List<Value>[] Steps(NodeCall c, Graph body, ref Value[] carried, int steps, Func<int, IEnumerable<Value>> slices)
    {
        var states = carried.Length;
        var gathered = Enumerable.Range(0, body.Outputs.Count - states).Select(_ => new List<Value>()).ToArray();
        for (var step = 0; step < steps; step++)
        {
            var outputs = c.Execution.RunInner(body, [.. carried, .. slices(step)]);
            carried = outputs[..states];
            for (var i = 0; i < gathered.Length; i++)
                gathered[i].Add(outputs[states + i]);
        }
        return gathered;
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
