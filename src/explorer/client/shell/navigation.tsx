import { PAGES } from "../pages.js";
import { route } from "../state/route.js";
import { pageRoute, selection } from "../state/selection.js";
import { useStore } from "../state/store.js";
import { Icon } from "../ui/icon.js";
import { Link } from "../ui/link.js";

/** Links to all pages; they keep the selection. */
export function Navigation() {
  const { page } = useStore(route);
  useStore(selection);
  return (
    <nav class="navigation" aria-label="Pages">
      <ul>
        {PAGES.map(({ name, title, icon, key }) => (
          <li key={name}>
            <Link
              to={pageRoute(name)}
              aria-current={name === page ? "page" : undefined}
              title={`${title} (g ${key})`}
            >
              <Icon name={icon} />
              <span>{title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
