import { Dialog } from "../ui/dialog.js";
import { help } from "./sheets.js";
import { SHORTCUTS } from "./shortcuts.js";

/** All shortcuts. */
export function Help() {
  return (
    <Dialog title="Keys" onClose={() => help.set(false)}>
      <dl class="keys">
        {SHORTCUTS.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
