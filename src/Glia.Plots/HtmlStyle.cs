namespace Glia.Plots;

/// <summary>The look of a page: dark on white, one column, wider boxes moved sideways within themselves.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        *{box-sizing:border-box}
        body{margin:0;background:#fff;color:#2b2b2b;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",Verdana,sans-serif;overflow-wrap:anywhere}
        main{max-width:960px;margin:0 auto;padding:24px 28px 56px}
        header{border-bottom:3px solid #0072b2;margin-bottom:20px}
        h1{font-size:1.9em;line-height:1.2;margin:.2em 0}
        header p{margin:.2em 0 .8em;color:#555}
        h2{font-size:1.35em;line-height:1.3;margin:1.6em 0 .6em;padding-bottom:.2em;border-bottom:1px solid #ddd}
        h3{font-size:1.05em;margin:1.2em 0 .4em}
        h1,h2,h3,p,dt,dd,th,td,caption,figcaption{text-align:left}
        p{margin:.6em 0}
        .note,figcaption,caption{color:#5a5a5a;font-size:.9em}
        .figures{list-style:none;display:flex;flex-wrap:wrap;gap:12px;padding:0;margin:.8em 0}
        .figures li{flex:1 1 150px;border:1px solid #ddd;border-radius:6px;padding:10px 14px}
        .figures span,.figures small{display:block;color:#5a5a5a;font-size:.85em}
        .figures strong{display:block;font-size:1.55em;line-height:1.3}
        dl{display:grid;grid-template-columns:minmax(7em,max-content) minmax(0,1fr);gap:4px 18px;margin:.6em 0}
        dt{color:#5a5a5a}
        dd{margin:0}
        .wide{overflow-x:auto;margin:.8em 0}
        table{border-collapse:collapse;font-size:.92em;overflow-wrap:normal}
        caption{padding-bottom:.4em}
        th,td{padding:4px 12px 4px 0;border-bottom:1px solid #e8e8e8;vertical-align:top;max-width:22em}
        th{border-bottom:2px solid #bbb;white-space:nowrap}
        th.number,td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;padding-left:12px}
        pre{background:#f5f5f5;border:1px solid #e2e2e2;border-radius:6px;padding:12px 14px;overflow-x:auto;font:14px/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
        pre.text{white-space:pre-wrap;background:#fff}
        .s1{background:#fef3e2}.s2{background:#fce2bd}.s3{background:#f9cd95}.s4{background:#f5b46a}.s5{background:#ee9544}
        figure{margin:1em 0}
        .chart svg,.chart img{display:block;max-width:100%;height:auto}
        .on-narrow{display:none}
        .small{display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:16px}
        .small figure{margin:0}
        .images{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:16px}
        .images figure{margin:0}
        .images img{display:block;width:112px;max-width:100%;height:auto;image-rendering:pixelated;border:1px solid #ccc}
        .images figcaption{white-space:pre-line;line-height:1.35;margin-top:4px;color:#2b2b2b}
        .message{border-left:5px solid #e69f00;background:#fdf6e7;padding:8px 16px;margin:1em 0}
        .message.serious{border-color:#d55e00;background:#fdeee6}
        .message h3{margin-top:.2em}
        @media (max-width:640px){
        main{padding:14px 16px 40px}
        h1{font-size:1.5em}
        dl{grid-template-columns:minmax(0,1fr);gap:0}
        dd{margin:0 0 .5em}
        th,td{padding-right:8px}
        th.number,td.number{padding-left:6px}
        .chart:has(.on-narrow) .on-wide{display:none}
        .on-narrow{display:block}
        .images{grid-template-columns:repeat(auto-fill,minmax(100px,1fr))}
        }
        @media print{
        main{max-width:none;padding:0}
        pre{white-space:pre-wrap}
        .wide{overflow:visible}
        figure,.message,tr{break-inside:avoid}
        h2,h3{break-after:avoid}
        }
        """;
}
