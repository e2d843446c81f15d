/** The page "Schema". */
export default function Schema() {
  return <h1>Schema</h1>;
}
