import { describe, expect, test } from "vitest";
import type { Chart } from "../../../src/analyses/chart.js";
import { HEAT_STYLES } from "../../../src/analyses/draw/terminal/heat-map.js";
import { chartText } from "../../../src/analyses/draw/terminal.js";
import { displayWidth } from "../../../src/frame/print/display-width.js";
import { contrast, hexOf256 } from "./colors.js";
import { BARS, days, FLOWS, FUNNEL, FUNNELS, HEAT, LINES, ONE_LINE, STACK } from "./made-charts.js";

const plain = (chart: Chart, width: number) => chartText(chart, { width, colors: false });
const short = { ...LINES, title: "Users", times: days(4) };

describe("without colours", () => {
  test("lines have marks of their own, gaps where there is no value, and round numbers at the axis", () => {
    const series = [
      { name: "a", values: [10, 40, 30, 20] },
      { name: "b", values: [0, 5, null, 15] },
    ];
    expect(plain({ ...short, series }, 60)).toMatchInlineSnapshot(`
      "Users
      last value:   * a 20   o b 15
      40 ┤                 *****
         │                *     ******
         │             ***            ******
      30 ┤           **                     ******
         │          *                             ******
         │       ***                                    *******
      20 ┤      *                                              ***
         │    **
         │  **                                                   o
      10 ┤**
         │
         │       oooooooooooo
       0 ┤ooooooo
         └┬────────────────────────────────────┬──────────────────
          2026-11-01                      2026-11-03
      * incomplete: 2026-11-04"
    `);
  });

  test("one line is drawn in dots", () => {
    expect(plain({ ...short, series: [{ name: "a", values: [1, 3, 2, 4] }] }, 60)).toMatchInlineSnapshot(`
      "Users
      last value:   ━━ a 4
      4 ┤                                                      ⣀⠔⠊
        │                                                   ⢀⠔⠊
        │                                                ⢀⠤⠊⠁
      3 ┤                 ⢀⠤⠒⠤⢄⣀                      ⢀⠤⠊⠁
        │              ⢀⠤⠊⠁     ⠉⠒⠢⠤⣀⡀             ⢀⠤⠊⠁
        │           ⢀⠤⠊⠁             ⠈⠉⠒⠢⠤⣀     ⢀⡠⠒⠁
      2 ┤        ⣀⠤⠊⠁                      ⠉⠑⠒⠤⠒⠁
        │     ⣀⠔⠊
        │  ⣀⠔⠊
      1 ┤⠔⠊
        │
        │
      0 ┤
        └┬──────────────────┬─────────────────┬──────────────────┬
         2026-11-01    2026-11-02        2026-11-03    2026-11-04*
      * incomplete: 2026-11-04"
    `);
  });

  test("where it is narrow each line is a sparkline", () => {
    expect(plain(LINES, 40)).toMatchInlineSnapshot(`
      "Active users, daily
      Germany         ▅▆▅▄▅▆▅▄▅▇▆▅▆▇▆▅▇  6,647
      United States   ▄▃▃▄▄▃▃▄▄▄▃▄▅▄▃▄▅  3,843
      Japan           ▂▁▂▂▂▂▂▂▂▂▂▂▂▂▂▂▂  1,372
      Germany, 30 d…  ▅▅▃▄▅▅▄▄▆▆▄▅▆▆▄▅▆  5,906
      2026-11-01 to 2026-11-30, up to 8,000
      * incomplete: 2026-11-30"
    `);
  });

  test("of one time the lines are bars", () => {
    expect(plain({ ...ONE_LINE, times: days(1) }, 40)).toMatchInlineSnapshot(`
      "Active users, daily
      Germany  4,200  ████████████████████████
      * incomplete: 2026-11-01"
    `);
  });

  test("bars at 60 and 40 columns", () => {
    expect(plain(BARS, 60)).toMatchInlineSnapshot(`
      "Orders by country
      Germany                   12,345  ██████████████████████████
      United States of America   8,120  █████████████████▏
      日本                       5,310  ███████████▏
      France                     1,200  ██▌
      Peru                           3  ▏
      (none)                         –"
    `);
    expect(plain(BARS, 40)).toMatchInlineSnapshot(`
      "Orders by country
      Germany           12.3 k  ██████████████
      United States o…   8,120  █████████▎
      日本               5,310  ██████
      France             1,200  █▍
      Peru                   3  ▏
      (none)                 –"
    `);
  });

  test("bars below zero go to the left", () => {
    const bars = [
      { name: "up", value: 30 },
      { name: "down", value: -10 },
    ];
    expect(plain({ kind: "bars", title: "Change", unit: "number", bars }, 50)).toMatchInlineSnapshot(`
      "Change
      up     30            │████████████████████████████
      down  -10  ▐█████████│"
    `);
  });

  test("a stack at 40 columns, its part below zero downwards", () => {
    expect(plain(STACK, 40)).toMatchInlineSnapshot(`
      "Lifecycle, weekly
      █ current   ░ new   ▓ resurrected
      ▒ dormant
      1,000 ┤
            │
        800 ┤                     ▓▓ ▓▓
            │            ▓▓ ▓▓ ▓▓ ░░ ░░
        600 ┤      ▓▓ ▓▓ ░░ ░░ ░░ ░░ ░░ ░░
            │░░ ░░ ░░ ░░ ░░ ██ ██ ██ ██ ██
        400 ┤░░ ██ ██ ██ ██ ██ ██ ██ ██ ██
            │██ ██ ██ ██ ██ ██ ██ ██ ██ ██
        200 ┤██ ██ ██ ██ ██ ██ ██ ██ ██ ██
            │██ ██ ██ ██ ██ ██ ██ ██ ██ ██
          0 ┤██ ██ ██ ██ ██ ██ ██ ██ ██ ██
            │▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒ ▒▒
       -200 ┤
            └┬────────────────────┬───────────
             2026-11-01      2026-11-08
      * incomplete: 2026-11-10"
    `);
  });

  test("a funnel at 100 and 40 columns", () => {
    expect(plain(FUNNEL, 100)).toMatchInlineSnapshot(`
      "From view to order
                          users  of first  of previous  dropped
      1  View Item       12,345     100 %                        █████████████████████████████████████████
      2  Add to Cart      6,100    49.4 %       49.4 %    6,245  ████████████████████▎
      3  Start Checkout   2,411    19.5 %       39.5 %    3,689  ████████
      4  Place Order      1,980      16 %       82.1 %      431  ██████▋"
    `);
    expect(plain(FUNNEL, 40)).toMatchInlineSnapshot(`
      "From view to order
                     users  of first
      1  View Item  12,345     100 %  ████████
      2  Add to C…   6,100    49.4 %  ████
      3  Start Ch…   2,411    19.5 %  █▌
      4  Place Or…   1,980      16 %  █▎"
    `);
  });

  test("steps that are told apart by the end of their names keep it", () => {
    const steps = ["View Item (category is Tea)", "View Item (category is Mugs)"];
    const [{ name = "", users = [] } = {}] = FUNNEL.funnels;
    const funnel = { ...FUNNEL, steps, funnels: [{ name, users: users.slice(0, 2) }] };
    expect(plain(funnel, 60)).toMatchInlineSnapshot(`
      "From view to order
                           users  of first  of previous
      1  View…ry is Tea)  12,345     100 %               █████████
      2  View…y is Mugs)   6,100    49.4 %       49.4 %  ████▌"
    `);
  });

  test("funnels stand side by side at 200 columns", () => {
    expect(plain(FUNNELS, 200)).toMatchInlineSnapshot(`
      "From view to order
      iOS                                                                 Android                                                             Web
                         users  of first  of previous  dropped                               users  of first  of previous  dropped                               users  of first  of previous  dropped
      1  View Item       6,345     100 %                        ██████    1  View Item       6,000     100 %                        ██████    1  View Item       9,100     100 %                        ██████
      2  Add to Cart     3,600    56.7 %       56.7 %    2,745  ███▍      2  Add to Cart     2,500    41.7 %       41.7 %    3,500  ██▌       2  Add to Cart     2,900    31.9 %       31.9 %    6,200  █▉
      3  Start Checkout  1,511    23.8 %         42 %    2,089  █▍        3  Start Checkout    900      15 %         36 %    1,600  ▉         3  Start Checkout    700     7.7 %       24.1 %    2,200  ▌
      4  Place Order     1,280    20.2 %       84.7 %      231  █▎        4  Place Order       700    11.7 %       77.8 %      200  ▊         4  Place Order       310     3.4 %       44.3 %      390  ▎"
    `);
  });

  test("a heat map at 100 columns, and at 50 with what fits", () => {
    expect(plain(HEAT, 100)).toMatchInlineSnapshot(`
      "Retention, daily
                             0      1      2      3      4      5      6      7      8
      2026-11-01    900  100.0   52.0   32.0   24.1   19.7   16.9   14.8   13.3  12.1*
      2026-11-02    937  100.0   52.4   32.4   24.5   20.1   17.3   15.2  13.7*
      2026-11-03    974  100.0   52.8   32.8   24.9   20.5   17.7  15.6*
      2026-11-04  1,011  100.0   53.2   33.2   25.3   20.9  18.1*
      2026-11-05  1,048  100.0   53.6   33.6   25.7  21.3*
      2026-11-06  1,085  100.0   54.0   34.0  26.1*
      2026-11-07  1,122  100.0   54.4  34.4*
      2026-11-08  1,159  100.0  54.8*
      in %, * incomplete"
    `);
    expect(plain(HEAT, 50)).toMatchInlineSnapshot(`
      "Retention, daily
                           0    1    2    3    4    5
      2026-11-01    900  100   52   32   24   20   17
      2026-11-02    937  100   52   32   25   20   17
      2026-11-03    974  100   53   33   25   21   18
      2026-11-04  1,011  100   53   33   25   21  18*
      2026-11-05  1,048  100   54   34   26  21*
      2026-11-06  1,085  100   54   34  26*
      2026-11-07  1,122  100   54  34*
      2026-11-08  1,159  100  55*
      in %, * incomplete, 3 of 9 columns not shown"
    `);
  });

  test("flows at 60 columns", () => {
    expect(plain({ ...FLOWS, flows: FLOWS.flows.slice(0, 7) }, 60)).toMatchInlineSnapshot(`
      "What users do after opening the app
      1 → 2
        Open App       9,900        ██████████████████████████████
          → Search     4,200  42 %  ████████████▊
          → View Item  3,100  31 %  █████████▍
          → (end)      1,900  19 %  █████▊
          → View Cart    700   7 %  ██▏

      2 → 3
        Search         4,200        ██████████████████████████████
          → View Item  3,000  71 %  █████████████████████▍
          → Search       700  17 %  █████
          → (end)        500  12 %  ███▋"
    `);
  });

  test("nothing is said to be nothing", () => {
    expect(plain({ ...BARS, bars: [] }, 40)).toBe("Orders by country\nNo data.");
  });
});

describe("with colours", () => {
  const coloured = (chart: Chart) => chartText(chart, { width: 60, colors: true });

  test("each series has its own", () => {
    const found = new Set(coloured(LINES).match(/\[(?:2;)?3\dm/g));
    expect([...found].sort()).toEqual(["[2;32m", "[33m", "[34m", "[35m"]);
  });

  test("cells have that of their value, and letters that are read on it", () => {
    expect(coloured(HEAT)).toContain("\u001b[38;5;231;48;5;18m 100 \u001b[0m");
    for (const { front, back } of HEAT_STYLES) {
      expect(contrast(hexOf256(front), hexOf256(back))).toBeGreaterThanOrEqual(4.5);
    }
  });
});

test("names from outside are escaped and cut by their width on the screen", () => {
  const bars = [
    { name: "\u001b[31m\u202e\n", value: 2 },
    { name: "日本".repeat(20), value: 1 },
  ];
  const text = plain({ kind: "bars", title: "<a>\u0007", unit: "count", bars }, 40);
  expect(text).toMatchInlineSnapshot(`
    "<a>\\u0007
    \\u001b[31m\\u202…  2  ███████████████████
    日本日本日本日…   1  █████████▌"
  `);
  expect(text.split("\n").map(displayWidth)).toEqual([9, 40, 31]);
});
