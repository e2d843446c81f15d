import { paletteCss } from "../picture/palette.js";

/** The report's style sheet: one column, the system's letters, light or dark as the reader has it, light in print. */
export const REPORT_CSS = `
:root{${paletteCss("light")};--page:#f6f7f9;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${paletteCss("dark")};--page:#0e1013}}
@media print{:root{${paletteCss("light")};--page:#fff}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--af-ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",sans-serif}
main{max-width:960px;margin:0 auto;padding:56px 24px 96px}
h1{font-size:28px;line-height:1.25;font-weight:650;letter-spacing:-.01em;margin:0 0 24px;overflow-wrap:anywhere}
h2{font-size:13px;line-height:1.4;font-weight:600;letter-spacing:.04em;text-transform:uppercase;color:var(--af-muted);margin:0 0 12px}
figure{margin:0;padding:8px;background:var(--af-paper);border:1px solid var(--af-grid);border-radius:12px;overflow-x:auto}
figure svg{display:block;width:100%;height:auto;min-width:560px}
p[role=note]{margin:16px 0 0}
section{margin-top:48px}
p{margin:0 0 10px;max-width:68ch;overflow-wrap:anywhere}
ul{margin:0;padding-left:1.2em;max-width:68ch}
li{margin:0 0 6px;overflow-wrap:anywhere}
a{color:inherit;text-decoration-color:var(--af-axis);text-underline-offset:3px}
table{font-size:14px;width:100%}
thead th{font-weight:600;color:var(--af-muted)}
thead th br,thead th small{display:none}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px}
pre{margin:0 0 10px;padding:16px 18px;background:var(--af-paper);border:1px solid var(--af-grid);border-radius:10px;overflow-x:auto;line-height:1.5}
@media print{main{padding:0;max-width:none}section{break-inside:avoid-page}figure{border:0;padding:0}pre{white-space:pre-wrap}}
`;
