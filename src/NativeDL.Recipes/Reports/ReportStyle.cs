namespace NativeDL.Recipes.Reports;

/// <summary>How a report looks: light and dark by the reader's setting, one column on a phone and two on a desk.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{--paper:#f6f7f9;--card:#fff;--ink:#16202b;--soft:#5d6b7a;--line:#e2e7ec;--accent:#0072b2;--good:#0b8a62;--bad:#c8451b;color-scheme:light dark}
        @media(prefers-color-scheme:dark){:root{--paper:#0e141b;--card:#161e27;--ink:#e7edf3;--soft:#93a2b2;--line:#263241;--accent:#56b4e9;--good:#2ecc9a;--bad:#ff8c5a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:1120px;margin:0 auto;padding:32px 20px 56px}
        header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 14px;margin-bottom:22px}
        h1{font-size:28px;line-height:1.2;letter-spacing:-.02em;margin:0}
        header p{margin:0;color:var(--soft)}
        h2{font-size:16px;margin:0 0 4px;letter-spacing:-.01em}
        section p{margin:0 0 14px;color:var(--soft);font-size:13.5px}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 16px}
        .fact,section{background:var(--card);border:1px solid var(--line);border-radius:12px}
        .fact{padding:14px 16px}
        .fact b{display:block;font-size:25px;line-height:1.25;letter-spacing:-.02em;font-variant-numeric:tabular-nums;white-space:nowrap}
        .fact.first b{color:var(--accent)}
        .fact span{color:var(--soft);font-size:13px}
        .grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px}
        section{padding:18px 20px;min-width:0}
        .wide{grid-column:1/-1}
        section svg{display:block;width:100%;height:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px}
        th{font-weight:500;color:var(--soft);font-size:13px;text-align:right;padding:4px 0 6px 10px}
        td{padding:5px 0 5px 10px;border-top:1px solid var(--line);text-align:right;white-space:nowrap}
        th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal}
        table.pairs td{text-align:left;overflow-wrap:anywhere;white-space:normal}
        table.pairs td:first-child{color:var(--soft);white-space:nowrap;width:1%}
        table.pairs tr:first-child td{border-top:0}
        .meter{display:inline-block;width:64px;height:6px;margin-left:9px;border-radius:3px;vertical-align:middle;background:var(--line);overflow:hidden}
        .meter i{display:block;height:100%;background:var(--accent)}
        .cells text.ndl-soft[style]{opacity:.3}
        .pictures{display:grid;grid-template-columns:repeat(8,minmax(0,1fr));gap:12px;margin:0;padding:0;list-style:none}
        .pictures li{border:1px solid var(--line);border-radius:10px;overflow:hidden;font-size:13px;line-height:1.4}
        .pictures img{display:block;width:100%;aspect-ratio:1;image-rendering:pixelated;background:#000}
        .pictures div{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 6px;padding:6px 9px 7px}
        .pictures span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
        .words div{grid-template-columns:minmax(0,1fr)}
        .words span{white-space:normal}
        .pictures i,.pictures .chance{font-style:normal;color:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}
        .pictures b{font-size:14px}
        .wrong{color:var(--bad)}.right{color:var(--good)}
        pre{margin:0;overflow-x:auto;font:11px/1.5 ui-monospace,'Cascadia Mono',Menlo,Consolas,monospace}
        code{font:12.5px ui-monospace,'Cascadia Mono',Menlo,Consolas,monospace}
        footer{margin-top:22px;color:var(--soft);font-size:13px}
        @media(max-width:1080px){.pictures{grid-template-columns:repeat(6,minmax(0,1fr))}.meter{display:block;width:56px;margin:3px 0 2px auto}}
        @media(max-width:760px){.pictures{grid-template-columns:repeat(4,minmax(0,1fr));gap:8px}.grid{grid-template-columns:minmax(0,1fr)}main{padding:20px 12px 40px}section{padding:15px 14px}h1{font-size:24px}}
        @media(max-width:520px){.pictures{grid-template-columns:repeat(3,minmax(0,1fr))}.fact.first{grid-column:1/-1}}
        """;
}
