import { useEffect, useMemo, useState } from "preact/hooks";
import type { Api, FoundUser } from "../../../api.js";
import { usePageState } from "../../state/page-state.js";
import { go } from "../../state/route.js";
import { pageRoute, selection as selectionStore } from "../../state/selection.js";
import { useStore } from "../../state/store.js";
import { FaultNote } from "../../ui/fault-note.js";
import { Icon } from "../../ui/icon.js";
import { Link } from "../../ui/link.js";
import { PageHead } from "../../ui/page-head.js";
import { type TableColumn, VirtualTable } from "../../ui/table/virtual-table.js";
import { count, shown, timeText } from "../../ui/text.js";
import { useAnswer } from "../../ui/use-answer.js";

type Order = NonNullable<Api["users"]["in"]["order"]>;

const PAUSE = 300;
const LIMIT = 500;
const ORDERS: readonly Order[] = ["last", "events", "first"];
/** In which direction each column can be sorted. */
const DESCENDS = { last: true, events: true, first: false } as const;

/** Users of the selection, found by an id or a property. */
export function UserList() {
  const selection = useStore(selectionStore);
  const [search, setSearch] = usePageState("search");
  const [sort, setSort] = usePageState("sort", "last");
  const [typed, setTyped] = useState(search);
  useEffect(() => setTyped(search), [search]);
  useEffect(() => {
    if (typed === search) return;
    const timer = setTimeout(() => setSearch(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed, search, setSearch]);
  const order = ORDERS.find((one) => one === sort) ?? "last";
  const { data, loading, fault, retry } = useAnswer("users", { selection, search, order, limit: LIMIT });
  const users = data?.users ?? [];
  const columns = useMemo(() => columnsOf(users.some(({ matched }) => matched !== null)), [users]);
  const openRow = (row: number) => {
    const user = users[row];
    if (user) go(pageRoute("users", { user: user.amplitudeId }));
  };
  return (
    <div class="users">
      <PageHead title="Users" note={data ? noteOf(data) : ""} />
      <div class="user-search">
        <Icon name="search" />
        <input
          type="search"
          class="field"
          aria-label="Search users"
          placeholder="User id, device id, Amplitude id, or a value such as an e-mail address"
          autoComplete="off"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onKeyDown={({ key }) => {
            if (key === "Enter") setSearch(typed);
          }}
        />
        {loading && <span class="spinner" aria-hidden="true" />}
      </div>
      {fault !== undefined && <FaultNote fault={fault} retry={retry} />}
      <div class="users-table" aria-busy={loading}>
        {data && (
          <VirtualTable
            label="Users"
            columns={columns}
            total={users.length}
            row={(index) => users[index]}
            sort={{ column: order, descending: DESCENDS[order] }}
            onSort={({ column }) => setSort(column)}
            onOpen={openRow}
            rowHeight={36}
            version={JSON.stringify([selection, search, order])}
            empty={search === "" ? "No user is in the selection." : "No user of the selection has that."}
          />
        )}
      </div>
    </div>
  );
}

function noteOf({ users, cut }: Api["users"]["out"]): string {
  const found = `${count(users.length)} ${users.length === 1 ? "user" : "users"}`;
  return cut ? `the first ${found}; search, or narrow the selection, to see others` : found;
}

function columnsOf(matched: boolean): TableColumn<FoundUser>[] {
  const text = (value: string | null) => (value === null ? <span class="nothing">–</span> : shown(value));
  const time = (value: string | null) => (value === null ? text(null) : timeText(value));
  return [
    {
      id: "user",
      title: "User",
      width: 320,
      cell: (user) => (
        <Link to={pageRoute("users", { user: user.amplitudeId })} class="user-link">
          {shown(user.userId ?? user.deviceId ?? user.amplitudeId)}
        </Link>
      ),
    },
    ...(matched
      ? [
          {
            id: "matched",
            title: "Found in",
            width: 260,
            cell: ({ matched }: FoundUser) =>
              matched && (
                <>
                  <span class="json-key">{shown(matched.property)}</span> {shown(matched.value)}
                </>
              ),
          },
        ]
      : []),
    {
      id: "events",
      title: "Events",
      width: 110,
      align: "end",
      sortable: true,
      cell: ({ events }) => count(events),
    },
    {
      id: "last",
      title: "Last seen",
      detail: "UTC",
      width: 180,
      sortable: true,
      cell: ({ last }) => time(last),
    },
    {
      id: "first",
      title: "First seen",
      detail: "UTC",
      width: 180,
      sortable: true,
      cell: ({ first }) => time(first),
    },
    { id: "platform", title: "Platform", width: 110, cell: ({ platform }) => text(platform) },
    { id: "country", title: "Country", width: 140, cell: ({ country }) => text(country) },
    { id: "device", title: "Device id", width: 290, cell: ({ deviceId }) => text(deviceId) },
    { id: "amplitude", title: "Amplitude id", width: 150, cell: ({ amplitudeId }) => amplitudeId },
  ];
}
