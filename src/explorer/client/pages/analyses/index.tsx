/** The page "Analyses". */
export default function Analyses() {
  return <h1>Analyses</h1>;
}
