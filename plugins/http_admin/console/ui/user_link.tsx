// A user by number, under the name it has.
import { useName } from '../lib/names';

export function UserLink({ id }: { id: number }) {
  const name = useName(id);
  return id ? <a href={`#/users/${id}`}>{name || `#${id}`}</a> : <span class="soft">–</span>;
}
