/** The page "Users". */
export default function Users() {
  return <h1>Users</h1>;
}
