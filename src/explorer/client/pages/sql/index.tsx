/** The page "SQL". */
export default function Sql() {
  return <h1>SQL</h1>;
}
