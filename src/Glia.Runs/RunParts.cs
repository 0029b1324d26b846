using System.Text.Json;
using Glia.Diagnostics;

namespace Glia.Runs;

/// <summary>Findings and artefacts as JSON.</summary>
internal static class RunParts
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("symptom", finding.Symptom.ToString());
            json.WriteString("severity", finding.Severity.ToString());
            json.WriteString("summary", finding.Summary);
            json.WriteString("evidence", finding.Evidence);
            json.WriteString("reason", finding.Reason);
            json.WriteString("advice", finding.Remedy.Advice);
            json.WriteString("setting", finding.Remedy.Setting.ToString());
            if (finding.Remedy.Value is { } value)
                RunExport.WriteNumber(json, "value", value);
            json.WriteString("option", finding.Remedy.Option);
            json.WriteString("code", finding.Remedy.Code);
            json.WriteString("layer", finding.Layer);
            if (finding.Step is { } step)
                json.WriteNumber("step", step);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<RunArtefact> artefacts)
    {
        json.WriteStartArray("artefacts");
        foreach (var artefact in artefacts)
        {
            json.WriteStartObject();
            json.WriteString("path", artefact.Path);
            json.WriteString("kind", artefact.Kind);
            json.WriteNumber("size", artefact.Size);
            json.WriteString("sha256", artefact.Hash);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
