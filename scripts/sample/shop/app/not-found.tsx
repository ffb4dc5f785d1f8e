export default function NotFound() {
  return <h1>There is no such page in the sample shop</h1>;
}
