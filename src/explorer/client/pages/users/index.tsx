import { usePageState } from "../../state/page-state.js";
import { UserList } from "./user-list.js";
import { UserPage } from "./user-page.js";

/** The page "Users": who is there, and with `user` in the URL one of them. */
export default function Users() {
  const [user] = usePageState("user");
  return user === "" ? <UserList /> : <UserPage key={user} amplitudeId={user} />;
}
