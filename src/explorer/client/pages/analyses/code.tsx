import { useState } from "preact/hooks";
import type { AnalysisAnswer } from "../../../api.js";
import { copyText } from "../../ui/copy-text.js";
import { Icon } from "../../ui/icon.js";
import { shownLines } from "../../ui/text.js";

const LANGUAGES = [
  ["typescript", "TypeScript"],
  ["cli", "Command"],
  ["sql", "SQL"],
] as const;

/** The analysis as a program, a command and SQL, to be copied. */
export function Code({ code }: { code: AnalysisAnswer["code"] }) {
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number][0]>("typescript");
  return (
    <div class="code">
      <div class="code-head">
        {LANGUAGES.map(([name, title]) => (
          <button
            key={name}
            type="button"
            class="button quiet"
            aria-pressed={language === name}
            onClick={() => setLanguage(name)}
          >
            {title}
          </button>
        ))}
        <button type="button" class="button" onClick={() => copyText(code[language], "Copied.")}>
          <Icon name="copy" /> Copy
        </button>
      </div>
      <pre tabIndex={0}>{shownLines(code[language])}</pre>
    </div>
  );
}
