import { type SqlWords, STANDARD_WORDS } from "../engine/sql-text.js";
import { UsageError } from "../errors/index.js";

/** A user: a `user_id` as text, or an `amplitude_id` as bigint or number. */
export type User = string | bigint | number;

/** The condition that `column` has one of `values`; none gives no rows, undefined all. */
export function oneOf(
  column: string,
  values: string | readonly string[] | undefined,
  { literal }: Pick<SqlWords, "literal"> = STANDARD_WORDS,
): string[] {
  if (values === undefined) return [];
  const all = [values].flat();
  if (all.length === 0) return ["false"];
  return all.length === 1
    ? [`${column} = ${literal(all[0]!)}`]
    : [`${column} IN (${all.map(literal).join(", ")})`];
}

/** The condition that an event is one of `users`, each by its `user_id` or `amplitude_id`. */
export function ofUsers(
  users: User | readonly User[] | undefined,
  words: Pick<SqlWords, "literal"> = STANDARD_WORDS,
): string[] {
  if (users === undefined) return [];
  const all = [users].flat();
  const [named, numbered] = [all.filter((user) => typeof user === "string"), all.flatMap(amplitudeId)];
  const either = [
    ...(named.length > 0 ? oneOf("user_id", named, words) : []),
    ...(numbered.length > 0 ? [`amplitude_id IN (${numbered.join(", ")})`] : []),
  ];
  if (either.length === 0) return ["false"];
  return either.length === 1 ? either : [`(${either.join(" OR ")})`];
}

function amplitudeId(user: User): string[] {
  if (typeof user === "string") return [];
  if (typeof user === "bigint" && BigInt.asIntN(64, user) === user) return [String(user)];
  if (Number.isSafeInteger(user)) return [String(user)];
  throw new UsageError(
    `${String(user)} is no user: it is no whole number that is exact.`,
    'Give a user_id as text, such as "u1", or an amplitude_id as bigint, such as 1263031170800n.',
  );
}
