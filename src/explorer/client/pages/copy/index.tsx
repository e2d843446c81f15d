/** The page "The copy". */
export default function Copy() {
  return <h1>The copy</h1>;
}
